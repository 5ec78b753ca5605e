// SPDX-License-Identifier: GPL-2.0
#include "tests/guest/cio.h"

unsigned int cio_started, cio_halted, cio_cleared;

/* An instruction of the channel subsystem: subchannel in general register 1, operand in storage. */
#define CIO(name, sid, operand)							\
({										\
	register uint64_t r1 asm("1") = (sid);					\
	int cc;									\
										\
	asm volatile(name " 0(%2)\n\tipm %0\n\tsrl %0,28"			\
		     : "=d" (cc) : "d" (r1), "a" (operand) : "cc", "memory");	\
	cc;									\
})

#define CIO_NO_OPERAND(name, sid)						\
({										\
	register uint64_t r1 asm("1") = (sid);					\
	int cc;									\
										\
	asm volatile(name "\n\tipm %0\n\tsrl %0,28"				\
		     : "=d" (cc) : "d" (r1) : "cc", "memory");			\
	cc;									\
})

static int counted(int cc, unsigned int *counter)
{
	if (cc == 0)
		(*counter)++;
	return cc;
}

int stsch(uint32_t sid, struct schib *schib)
{
	return CIO("stsch", sid, schib);
}

int msch(uint32_t sid, struct schib *schib)
{
	return CIO("msch", sid, schib);
}

int ssch(uint32_t sid, struct orb *orb)
{
	return counted(CIO("ssch", sid, orb), &cio_started);
}

int tsch(uint32_t sid, struct irb *irb)
{
	return CIO("tsch", sid, irb);
}

int hsch(uint32_t sid)
{
	return counted(CIO_NO_OPERAND("hsch", sid), &cio_halted);
}

int csch(uint32_t sid)
{
	return counted(CIO_NO_OPERAND("csch", sid), &cio_cleared);
}

int xsch(uint32_t sid)
{
	return CIO_NO_OPERAND("xsch", sid);
}

int tpi(void)
{
	/* operand address 0: the code is stored at its assigned locations */
	return CIO_NO_OPERAND("tpi 0", 0);
}

int stcrw(uint32_t *crw)
{
	return CIO("stcrw", 0, crw);
}
