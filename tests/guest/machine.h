/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine without an operating system: lowcore, interruptions, time, console.
 * Formats and instructions: z/Architecture Principles of Operation.
 */
#ifndef GUEST_MACHINE_H
#define GUEST_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct psw {
	uint64_t mask;
	uint64_t addr;
};

/* The part of the prefix area that is used, at its assigned storage locations. */
struct lowcore {
	uint8_t		pad0[0x86];
	uint16_t	external_code;
	uint8_t		pad1[0x8e - 0x88];
	uint16_t	program_code;
	uint8_t		pad2[0xb8 - 0x90];
	uint32_t	io_sid;
	uint32_t	io_intparm;
	uint8_t		pad3[0x150 - 0xc0];
	struct psw	program_old;
	uint8_t		pad4[0x1b0 - 0x160];
	struct psw	external_new;
	struct psw	svc_new;
	struct psw	program_new;
	struct psw	mcheck_new;
	struct psw	io_new;
};
_Static_assert(offsetof(struct lowcore, io_sid) == 0xb8, "subsystem-identification word");
_Static_assert(offsetof(struct lowcore, program_old) == 0x150, "program old PSW");
_Static_assert(offsetof(struct lowcore, io_new) == 0x1f0, "I/O new PSW");

extern volatile struct lowcore lowcore;

/* A word that the one who loads the program may set, to choose what it does; else 0. */
extern volatile uint32_t parameter;

enum wait_end { WAIT_IO = 1, WAIT_TIMEOUT, WAIT_MCHECK };

/* New PSWs, console. To be called first. */
void machine_init(void);

/*
 * Enabled wait for an I/O interruption of subclass isc, or, if reports is set, for a machine
 * check with a channel report; at most ms milliseconds. The interruption's code is in the lowcore.
 */
enum wait_end machine_wait_for(unsigned int isc, bool reports, unsigned int ms);

/* The CPU stops itself: the end of a machine with one CPU. */
void machine_stop(void) __attribute__((noreturn));
/* A program check: says where, stops. */
void machine_died(void) __attribute__((noreturn));

/* Formatted line to the console: %s %u %d %x, with width and 0; at most 200 characters. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
