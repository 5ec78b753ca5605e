// SPDX-License-Identifier: GPL-2.0
#include "tests/guest/machine.h"

#include <stdarg.h>

#define PSW_64BIT	0x0000000180000000ull
#define PSW_IO		0x0200000000000000ull
#define PSW_EXTERNAL	0x0100000000000000ull
#define PSW_MCHECK	0x0004000000000000ull
#define PSW_WAIT	0x0002000000000000ull

/* control register 0: external subclasses */
#define CR0_CLOCK_COMPARATOR	0x800
#define CR0_SERVICE_SIGNAL	0x200
/* control register 14: machine-check subclass */
#define CR14_CHANNEL_REPORT	0x10000000

#define EXTERNAL_CLOCK_COMPARATOR	0x1004
#define EXTERNAL_SERVICE_SIGNAL		0x2401

int machine_wait(const struct psw *enabled_wait);
void io_entry(void);
void external_entry(void);
void mcheck_entry(void);
void program_entry(void);

#define LOAD_CONTROL(n, value)							\
do {										\
	uint64_t control = (value);						\
	asm volatile("lctlg " #n ", " #n ", %0" : : "Q" (control) : "memory");	\
} while (0)

static uint64_t clock(void)
{
	uint64_t tod;

	asm volatile("stck %0" : "=Q" (tod) : : "cc");
	return tod;
}

enum wait_end machine_wait_for(unsigned int isc, bool reports, unsigned int ms)
{
	struct psw wait = {
		.mask = PSW_64BIT | PSW_WAIT | PSW_IO | PSW_EXTERNAL | (reports ? PSW_MCHECK : 0),
	};
	/* bit 51 of the clock is a microsecond */
	uint64_t until = clock() + ((uint64_t)ms * 1000 << 12);
	enum wait_end end;

	LOAD_CONTROL(0, CR0_CLOCK_COMPARATOR);
	LOAD_CONTROL(6, 0x80000000u >> isc);
	LOAD_CONTROL(14, reports ? CR14_CHANNEL_REPORT : 0);
	asm volatile("sckc %0" : : "Q" (until));
	do {
		end = machine_wait(&wait);
	} while (end == WAIT_TIMEOUT && lowcore.external_code != EXTERNAL_CLOCK_COMPARATOR);
	return end;
}

/* --- service-call logical processor: the operating system's messages as ASCII ------------- */

#define SCLP_WRITE_EVENT_DATA	0x00760005
#define SCLP_WRITE_EVENT_MASK	0x00780005
#define EVENT_ASCII		26	/* event type, and its bit in a mask from 1 on */

struct sccb {
	uint16_t	length;
	uint8_t		function;
	uint8_t		control[3];
	uint16_t	response;
	union {
		struct {
			uint16_t	reserved;
			uint16_t	size;
			uint32_t	receive, send, sclp_receive, sclp_send;
		} mask;
		struct {
			uint16_t	length;
			uint8_t		type;
			uint8_t		flags;
			uint16_t	reserved;
			char		text[256];
		} event;
	};
} __attribute__((packed));

/* below 2 GiB, within a page */
static struct sccb sccb __attribute__((aligned(4096)));

static void service_call(uint32_t command)
{
	struct psw wait = { .mask = PSW_64BIT | PSW_WAIT | PSW_EXTERNAL };
	int cc;

	LOAD_CONTROL(0, CR0_SERVICE_SIGNAL);
	do {
		/* SERVICE CALL, which the assembler does not know by name */
		asm volatile(".insn rre,0xb2200000,%1,%2\n\tipm %0\n\tsrl %0,28"
			     : "=d" (cc) : "d" (command), "d" (&sccb) : "cc", "memory");
	} while (cc == 2);
	if (cc != 0)
		return;
	do {
		machine_wait(&wait);
	} while (lowcore.external_code != EXTERNAL_SERVICE_SIGNAL);
}

static void console_init(void)
{
	sccb = (struct sccb) {
		.length = offsetof(struct sccb, mask) + sizeof(sccb.mask),
		.mask.size = sizeof(uint32_t),
		.mask.send = 0x80000000u >> (EVENT_ASCII - 1),
	};
	service_call(SCLP_WRITE_EVENT_MASK);
}

static void console_write(const char *text, size_t n)
{
	sccb = (struct sccb) {
		.length = offsetof(struct sccb, event.text) + n,
		.event.length = sizeof(sccb.event) - sizeof(sccb.event.text) + n,
		.event.type = EVENT_ASCII,
	};
	for (size_t i = 0; i < n; i++)
		sccb.event.text[i] = text[i];
	service_call(SCLP_WRITE_EVENT_DATA);
}

struct line {
	char	text[200];
	size_t	n;
};

static void put(struct line *l, char c)
{
	if (l->n < sizeof(l->text) - 1)
		l->text[l->n++] = c;
}

static void put_number(struct line *l, unsigned long value, unsigned int base,
		       unsigned int width, char pad)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
	} while ((value /= base) && n < sizeof(digits));
	while (width > n) {
		put(l, pad);
		width--;
	}
	while (n)
		put(l, digits[--n]);
}

void say(const char *format, ...)
{
	struct line l = { .n = 0 };
	va_list args;

	va_start(args, format);
	for (const char *f = format; *f; f++) {
		unsigned int width = 0;
		char pad = ' ';

		if (*f != '%') {
			put(&l, *f);
			continue;
		}
		if (*++f == '0')
			pad = *f++;
		while (*f >= '0' && *f <= '9')
			width = width * 10 + (*f++ - '0');
		switch (*f) {
		case 's':
			for (const char *s = va_arg(args, const char *); *s; s++)
				put(&l, *s);
			break;
		case 'd': {
			int value = va_arg(args, int);

			if (value < 0)
				put(&l, '-');
			put_number(&l, value < 0 ? -(long)value : value, 10, width, pad);
			break;
		}
		case 'u':
			put_number(&l, va_arg(args, unsigned int), 10, width, pad);
			break;
		case 'x':
			put_number(&l, va_arg(args, unsigned int), 16, width, pad);
			break;
		default:
			put(&l, *f);
		}
	}
	va_end(args);
	l.text[l.n++] = '\n';
	console_write(l.text, l.n);
}

/* ------------------------------------------------------------------------------------------- */

static void new_psw(volatile struct psw *psw, void (*entry)(void))
{
	psw->mask = PSW_64BIT;
	psw->addr = (uint64_t)entry;
}

void machine_init(void)
{
	new_psw(&lowcore.io_new, io_entry);
	new_psw(&lowcore.external_new, external_entry);
	new_psw(&lowcore.mcheck_new, mcheck_entry);
	new_psw(&lowcore.program_new, program_entry);
	console_init();
}

void machine_stop(void)
{
	/* SIGNAL PROCESSOR, order code stop, to the CPU's own address */
	register uint64_t status asm("1") = 0;
	uint16_t self;

	asm volatile("stap %0" : "=Q" (self));
	for (;;)
		asm volatile("sigp %0,%1,5" : "+d" (status)
			     : "d" ((uint64_t)self) : "cc", "memory");
}

void machine_died(void)
{
	unsigned int code = lowcore.program_code, at = lowcore.program_old.addr;

	say("Bail out! program check 0x%04x of the test program before 0x%x", code, at);
	machine_stop();
}
