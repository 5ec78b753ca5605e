/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bits of ORB, CCW and SCSW as big-endian words (z/Architecture Principles of Operation, "I/O
 * Instructions" and "Basic I/O Functions").
 */
#ifndef TOOLS_DEV_CHANNEL_H
#define TOOLS_DEV_CHANNEL_H

#include <stdint.h>

#define CCW_SIZE	8u
#define ORB_SIZE	12u
#define SCSW_SIZE	12u
#define IRB_SIZE	96u

/* CCW flag byte */
#define CCW_CD		0x80
#define CCW_CC		0x40
#define CCW_SLI		0x20
#define CCW_SKIP	0x10
#define CCW_PCI		0x08
#define CCW_IDA		0x04
#define CCW_SUSPEND	0x02
#define CCW_MIDA	0x01

#define CMD_TIC		0x08

/* ORB word 1 */
#define ORB_KEY_SHIFT	28
#define ORB_SPND	0x08000000u
#define ORB_STR		0x04000000u
#define ORB_MOD		0x02000000u
#define ORB_SYNC	0x01000000u
#define ORB_FMT1	0x00800000u
#define ORB_PFCH	0x00400000u
#define ORB_ISIC	0x00200000u
#define ORB_ALCC	0x00100000u
#define ORB_SSIC	0x00080000u
#define ORB_TM		0x00040000u
#define ORB_C64		0x00020000u
#define ORB_I2K		0x00010000u
#define ORB_LPM_SHIFT	8
#define ORB_ILS		0x00000080u
#define ORB_MIDAW	0x00000040u
#define ORB_ORBX	0x00000001u

/* SCSW word 0 */
#define SCSW_ESWF	0x04000000u
#define SCSW_CC_SHIFT	24
#define SCSW_ECTL	0x00020000u
#define SCSW_PNO	0x00010000u
#define SCSW_FCTL_START	0x00004000u
#define SCSW_FCTL_HALT	0x00002000u
#define SCSW_FCTL_CLEAR	0x00001000u
#define SCSW_FCTL	0x00007000u
#define SCSW_ACTL	0x00000fe0u
#define SCSW_ACTL_SUSP	0x00000020u
#define SCSW_STCTL	0x0000001fu
#define SCSW_ST_ALERT	0x00000010u
#define SCSW_ST_INTER	0x00000008u
#define SCSW_ST_PRIM	0x00000004u
#define SCSW_ST_SEC	0x00000002u
#define SCSW_ST_PEND	0x00000001u

/* ERW, IRB word 4 */
#define IRB_ERW		16
#define IRB_ECW		32
#define ERW_CONS	0x01000000u
#define ERW_SCNT(w)	((w) >> 16 & 0x3f)

#define DSTAT_ATTN	0x80
#define DSTAT_SM	0x40
#define DSTAT_CUE	0x20
#define DSTAT_BUSY	0x10
#define DSTAT_CE	0x08
#define DSTAT_DE	0x04
#define DSTAT_UC	0x02
#define DSTAT_UX	0x01

#define CSTAT_PCI	0x80
#define CSTAT_IL	0x40
#define CSTAT_PGMCHK	0x20
#define CSTAT_PRTCHK	0x10
#define CSTAT_CDC	0x08
#define CSTAT_CCC	0x04
#define CSTAT_ICC	0x02
#define CSTAT_CHC	0x01

#endif
