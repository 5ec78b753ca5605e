/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel I/O. Formats and instructions: z/Architecture Principles of Operation, chapters 13 to 16.
 */
#ifndef GUEST_CIO_H
#define GUEST_CIO_H

#include <stdbool.h>
#include <stdint.h>

struct scsw {
	uint32_t	w0;		/* key S L CC F P I A U Z E N, fctl actl stctl */
	uint32_t	cpa;
	uint8_t		dstat;
	uint8_t		cstat;
	uint16_t	count;
} __attribute__((packed, aligned(4)));

#define SCSW_CC(w0)	((w0) >> 24 & 3)
#define FCTL_START	0x4000
#define FCTL_HALT	0x2000
#define FCTL_CLEAR	0x1000
#define ACTL_MASK	0x0fe0
#define STCTL_PRIMARY	0x0004
#define STCTL_SECONDARY	0x0002
#define STCTL_PENDING	0x0001

#define DSTAT_CE	0x08
#define DSTAT_DE	0x04
#define DSTAT_UC	0x02
#define CSTAT_IL	0x40
#define CSTAT_PROGRAM	0x20

struct schib {
	uint32_t	intparm;
	uint8_t		isc;		/* bits 2-4 */
	uint8_t		flags;		/* E LM MM D T V */
	uint16_t	devno;
	uint8_t		lpm, pnom, lpum, pim;
	uint16_t	mbi;
	uint8_t		pom, pam;
	uint8_t		chpid[8];
	uint32_t	chars;
	struct scsw	scsw;
	uint32_t	mda[3];
} __attribute__((packed, aligned(4)));
_Static_assert(sizeof(struct schib) == 52, "SCHIB");

#define PMCW_ENABLED	0x80
#define PMCW_VALID	0x01
#define PMCW_CSENSE	0x00000001

struct irb {
	struct scsw	scsw;
	uint32_t	esw0, erw, esw[3];
	uint8_t		ecw[32];
	uint32_t	emw[8];
} __attribute__((packed, aligned(4)));

#define ERW_CSENSE	0x01000000

struct orb {
	uint32_t	intparm;
	uint32_t	flags;
	uint32_t	cpa;
	uint32_t	rest[5];
} __attribute__((packed, aligned(4)));

#define ORB_FORMAT1	0x00800000
#define ORB_PREFETCH	0x00400000
#define ORB_IDAW64	0x00020000
#define ORB_LPM		0x0000ff00

struct ccw {			/* format 1 */
	uint8_t		cmd;
	uint8_t		flags;
	uint16_t	count;
	uint32_t	addr;
} __attribute__((aligned(8)));

#define CCW_DC		0x80
#define CCW_CC		0x40
#define CCW_SLI		0x20
#define CCW_IDA		0x04

enum {
	CMD_NOP = 0x03, CMD_SENSE = 0x04, CMD_WRITE_DATA = 0x05, CMD_READ_DATA = 0x06,
	CMD_TIC = 0x08,
	CMD_LOCATE_RECORD = 0x47, CMD_DEFINE_EXTENT = 0x63, CMD_RDC = 0x64, CMD_SENSE_ID = 0xe4,
	CMD_INVALID = 0xff,
};

/* The instructions; each returns its condition code. sid is a subsystem-identification word. */
int stsch(uint32_t sid, struct schib *schib);
int msch(uint32_t sid, struct schib *schib);
int ssch(uint32_t sid, struct orb *orb);
int tsch(uint32_t sid, struct irb *irb);
int hsch(uint32_t sid);
int csch(uint32_t sid);
int xsch(uint32_t sid);
/* TEST PENDING INTERRUPTION into the lowcore, of subclasses in control register 6 */
int tpi(void);
int stcrw(uint32_t *crw);

/* Functions that the subchannel accepted (condition code 0). */
extern unsigned int cio_started, cio_halted, cio_cleared;

#endif
