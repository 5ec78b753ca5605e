/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel subsystem's own blocks as text: what s390x has in storage, big endian whatever
 * machine reads it, byte for byte (Principles of Operation, chapters 13 to 17). Each function takes
 * the bytes that there are: what is short is told as far as it goes and ends in "(cut)". They
 * return buf.
 */
#ifndef TRACE_CCW_RAW_H
#define TRACE_CCW_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCW_ORB_BYTES 12 /* command mode; the rest is for extensions */
#define CCW_SCSW_BYTES 12
#define CCW_ESW_BYTES 20
#define CCW_IRB_BYTES 64
#define CCW_SCHIB_BYTES 52
#define CCW_TPI_BYTES 12
#define CCW_CRW_BYTES 4

/* "intparm=007b1000 key=0 lpm=ff flags=FMT1|PFCH|C64 cpa=00001000" */
const char *ccw_orb_raw_str(const uint8_t *p, size_t n, char *buf, size_t len);
/* Word 1 of an ORB alone: "key=0 lpm=ff flags=FMT1|PFCH" */
const char *ccw_orb1_str(uint32_t word, char *buf, size_t len);
/* "fctl=START actl=0 stctl=PRIMARY|SECONDARY|PENDING dcc=0 key=0 cpa=... dstat=... resid=..." */
const char *ccw_scsw_raw_str(const uint8_t *p, size_t n, char *buf, size_t len);
/* Word 0 of a SCSW alone: "fctl=START actl=0 stctl=PRIMARY|SECONDARY|PENDING cc=0 flags=ESWF" */
const char *ccw_scsw0_str(uint32_t word, char *buf, size_t len);
/* Format-0 ESW: "lpum=80 erw=CONS|scnt=24 ..." */
const char *ccw_esw_raw_str(const uint8_t *p, size_t n, char *buf, size_t len);
/* SCSW, and ESW and sense if there are any. */
const char *ccw_irb_raw_str(const uint8_t *p, size_t n, char *buf, size_t len);
/* PMCW, then the SCSW. */
const char *ccw_schib_raw_str(const uint8_t *p, size_t n, char *buf, size_t len);
/* "intparm=... a=0 isc=3 type=0" */
const char *ccw_tpi_raw_str(const uint8_t *p, size_t n, char *buf, size_t len);
/* "rsc=SUBCHANNEL erc=IPARM rsid=0003 flags=ANC" */
const char *ccw_crw_raw_str(const uint8_t *p, size_t n, char *buf, size_t len);
/* Names of the sense bits that all devices share: "CMDREJ|EQCHK", "0" */
const char *ccw_sense0_str(uint8_t sense, char *buf, size_t len);
/* Reporting source and error recovery code of a CRW; "?" if unknown. */
const char *ccw_rsc_name(unsigned int rsc);
const char *ccw_erc_name(unsigned int erc);
/* One CCW of 8 bytes in format 0 or 1: "02 READ     count=4096  addr=00002000 CC|SLI" */
const char *ccw_ccw_raw_str(const uint8_t *p, size_t n, bool fmt1, char *buf, size_t len);

#endif /* TRACE_CCW_RAW_H */
