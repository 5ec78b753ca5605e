// SPDX-License-Identifier: GPL-2.0
/*
 * ORB, SCSW, ESW, IRB, SCHIB, CRW and CCW out of their bytes: z/Architecture Principles of
 * Operation (SA22-7832), chapters 14 (SCHIB, I/O-interruption code), 15 (ORB, CCW), 16 (IRB) and 17
 * (CRW).
 */
#include <stdio.h>

#include "trace/ccw_names.h"
#include "trace/ccw_raw.h"
#include "trace/text.h"

/* Bytes that are read in order; what is not there reads as 0 and is noted. */
struct bytes {
	const uint8_t *p;
	size_t n;
	bool cut;
};

static uint32_t get(struct bytes *b, unsigned int size)
{
	uint32_t v = 0;

	if (b->n < size) {
		b->n = 0;
		b->cut = true;
		return 0;
	}
	b->n -= size;
	while (size--)
		v = v << 8 | *b->p++;
	return v;
}

static const char *end(struct ccw_text *t, const struct bytes *b)
{
	if (b->cut)
		ccw_text_add(t, " (cut)");
	return ccw_text_end(t);
}

struct bit {
	uint32_t bit;
	const char *name;
};

/* " label=A|B"; nothing if no bit is on. */
static void add_bits(struct ccw_text *t, const char *label, const struct bit *bits, uint32_t v)
{
	const char *sep = "=";

	for (; bits->name; bits++) {
		if (!(v & bits->bit))
			continue;
		ccw_text_add(t, "%s%s%s", *sep == '=' ? label : "", sep, bits->name);
		sep = "|";
	}
}

static void add_orb1(struct ccw_text *t, uint32_t word)
{
	static const struct bit bits[] = {
		{ 0x08000000, "SPND" }, { 0x04000000, "STR" }, { 0x02000000, "MOD" },
		{ 0x01000000, "SYNC" }, { 0x00800000, "FMT1" }, { 0x00400000, "PFCH" },
		{ 0x00200000, "ISIC" }, { 0x00100000, "ALCC" }, { 0x00080000, "SSIC" },
		{ 0x00040000, "TM" }, { 0x00020000, "C64" }, { 0x00010000, "I2K" },
		{ 0x00000080, "ILS" }, { 0x00000040, "MIDAW" }, { 0x00000001, "ORBX" }, { 0 },
	};

	ccw_text_add(t, "key=%x lpm=%02x", word >> 28, word >> 8 & 0xff);
	add_bits(t, " flags", bits, word);
}

const char *ccw_orb1_str(uint32_t word, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);

	add_orb1(&t, word);
	return ccw_text_end(&t);
}

const char *ccw_orb_raw_str(const uint8_t *p, size_t n, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	struct bytes b = { p, n, false };

	ccw_text_add(&t, "intparm=%08x ", get(&b, 4));
	add_orb1(&t, get(&b, 4));
	ccw_text_add(&t, " cpa=%08x", get(&b, 4));
	return end(&t, &b);
}

static void add_scsw0(struct ccw_text *t, uint32_t word)
{
	static const struct bit bits[] = {
		{ 0x08000000, "SCTL" }, { 0x04000000, "ESWF" }, { 0x00800000, "FMT1" },
		{ 0x00400000, "PFCH" }, { 0x00200000, "ISIC" }, { 0x00100000, "ALCC" },
		{ 0x00080000, "SSI" }, { 0x00040000, "ZCC" }, { 0x00020000, "ECTL" },
		{ 0x00010000, "PNO" }, { 0 },
	};
	char names[80];

	ccw_text_add(t, "fctl=%s", ccw_fctl_str(word >> 12 & 7, names, sizeof(names)));
	ccw_text_add(t, " actl=%s", ccw_actl_str(word >> 5 & 0x7f, names, sizeof(names)));
	ccw_text_add(t, " stctl=%s", ccw_stctl_str(word & 0x1f, names, sizeof(names)));
	ccw_text_add(t, " dcc=%u key=%x", word >> 24 & 3, word >> 28);
	add_bits(t, " flags", bits, word);
}

const char *ccw_scsw0_str(uint32_t word, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);

	add_scsw0(&t, word);
	return ccw_text_end(&t);
}

static uint32_t add_scsw(struct ccw_text *t, struct bytes *b)
{
	uint32_t word = get(b, 4);
	char names[80];

	add_scsw0(t, word);
	ccw_text_add(t, " cpa=%08x", get(b, 4));
	ccw_text_add(t, " dstat=%s", ccw_dstat_str(get(b, 1), names, sizeof(names)));
	ccw_text_add(t, " cstat=%s", ccw_cstat_str(get(b, 1), names, sizeof(names)));
	ccw_text_add(t, " resid=%u", get(b, 2));
	return word;
}

const char *ccw_scsw_raw_str(const uint8_t *p, size_t n, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	struct bytes b = { p, n, false };

	add_scsw(&t, &b);
	return end(&t, &b);
}

#define ERW_CONS 0x01000000U
#define ERW_SCNT(erw) ((erw) >> 16 & 0x3f)

static uint32_t add_esw(struct ccw_text *t, struct bytes *b)
{
	static const struct bit bits[] = {
		{ 0x40000000, "LOG" }, { 0x20000000, "ELOG" }, { 0x10000000, "AUTH" },
		{ 0x08000000, "PVRF" }, { 0x04000000, "CPT" }, { 0x02000000, "FSAVF" },
		{ ERW_CONS, "CONS" }, { 0x00800000, "SCAVF" }, { 0x00400000, "FSAF" }, { 0 },
	};
	uint32_t logout = get(b, 4), erw = get(b, 4), saddr;
	uint64_t faddr;

	ccw_text_add(t, "lpum=%02x", logout >> 16 & 0xff);
	if (logout & 0xff00ffff)
		ccw_text_add(t, " logout=%08x", logout);
	ccw_text_add(t, " erw=%08x", erw);
	add_bits(t, " erwf", bits, erw);
	if (ERW_SCNT(erw))
		ccw_text_add(t, " scnt=%u", ERW_SCNT(erw));
	faddr = get(b, 4);
	faddr = faddr << 32 | get(b, 4);
	saddr = get(b, 4);
	if (faddr)
		ccw_text_add(t, " faddr=%016llx", (unsigned long long)faddr);
	if (saddr)
		ccw_text_add(t, " saddr=%08x", saddr);
	return erw;
}

const char *ccw_esw_raw_str(const uint8_t *p, size_t n, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	struct bytes b = { p, n, false };

	add_esw(&t, &b);
	return end(&t, &b);
}

/* Sense: as many bytes as the ERW counts; QEMU counts elsewhere, so then what is not zero. */
static void add_sense(struct ccw_text *t, struct bytes *b, uint32_t erw)
{
	size_t n = ERW_SCNT(erw), i;
	char names[80];

	if (!n || n > b->n)
		for (n = b->n; n > 1 && !b->p[n - 1];)
			n--;
	if (!n)
		return;
	ccw_text_add(t, " sense=%s:", ccw_sense0_str(b->p[0], names, sizeof(names)));
	for (i = 0; i < n; i++)
		ccw_text_add(t, "%02x", b->p[i]);
}

const char *ccw_irb_raw_str(const uint8_t *p, size_t n, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	struct bytes b = { p, n, false };
	uint32_t erw;

	/* The ESW is stored with the ESW-format bit only. */
	if (add_scsw(&t, &b) & 0x04000000 || (n > 19 && (p[16] | p[17] | p[18] | p[19]))) {
		ccw_text_add(&t, " ");
		erw = add_esw(&t, &b);
		if (erw & ERW_CONS)
			add_sense(&t, &b, erw);
	} else if (n < CCW_IRB_BYTES) {
		b.cut = true;
	}
	return end(&t, &b);
}

static void add_pmcw(struct ccw_text *t, struct bytes *b)
{
	static const struct bit bits[] = {
		{ 0x80000000, "QDIO" }, { 0x40000000, "W" }, { 0x00800000, "ENA" },
		{ 0x00400000, "LM_GE" }, { 0x00200000, "LM_LT" }, { 0x00100000, "MME" },
		{ 0x00080000, "DCTM" }, { 0x00040000, "MP" }, { 0x00020000, "TF" },
		{ 0x00010000, "DNV" }, { 0 },
	};
	static const struct bit more[] = {
		{ 4, "MBFC" }, { 2, "XMWME" }, { 1, "CSENSE" }, { 0 },
	};
	uint32_t word;
	unsigned int i;

	ccw_text_add(t, "intparm=%08x", get(b, 4));
	word = get(b, 4);
	ccw_text_add(t, " dev=%04x isc=%u", word & 0xffff, word >> 27 & 7);
	add_bits(t, " pmcw", bits, word);
	ccw_text_add(t, " lpm=%02x", get(b, 1));
	ccw_text_add(t, " pnom=%02x", get(b, 1));
	ccw_text_add(t, " lpum=%02x", get(b, 1));
	ccw_text_add(t, " pim=%02x", get(b, 1));
	ccw_text_add(t, " mbi=%u", get(b, 2));
	ccw_text_add(t, " pom=%02x", get(b, 1));
	ccw_text_add(t, " pam=%02x chpids=", get(b, 1));
	for (i = 0; i < 8; i++)
		ccw_text_add(t, "%02x", get(b, 1));
	word = get(b, 4);
	ccw_text_add(t, " st=%u", word >> 21 & 7);
	add_bits(t, " more", more, word);
}

const char *ccw_schib_raw_str(const uint8_t *p, size_t n, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	struct bytes b = { p, n, false };

	add_pmcw(&t, &b);
	ccw_text_add(&t, " ");
	add_scsw(&t, &b);
	get(&b, 4); /* measurement-block address, and what the model stores */
	get(&b, 4);
	get(&b, 4);
	return end(&t, &b);
}

const char *ccw_tpi_raw_str(const uint8_t *p, size_t n, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	struct bytes b = { p, n, false };
	uint32_t id = get(&b, 4), token = get(&b, 4), word = get(&b, 4);

	ccw_text_add(&t, "id=%08x intparm=%08x a=%u isc=%u type=%u", id, token, word >> 31,
		     word >> 27 & 7, word >> 12 & 7);
	return end(&t, &b);
}

const char *ccw_rsc_name(unsigned int rsc)
{
	switch (rsc) {
	case 0x2: return "MONITORING";
	case 0x3: return "SUBCHANNEL";
	case 0x4: return "CHANNEL_PATH";
	case 0x9: return "CONFIGURATION_ALERT";
	case 0xb: return "CSS";
	}
	return "?";
}

const char *ccw_erc_name(unsigned int erc)
{
	switch (erc) {
	case 0x00: return "EVENT";
	case 0x01: return "AVAILABLE";
	case 0x02: return "INITIALIZED";
	case 0x03: return "TEMPORARY_ERROR";
	case 0x04: return "PARAMETERS_INITIALIZED";
	case 0x05: return "TERMINAL";
	case 0x06: return "PERMANENT_ERROR";
	case 0x07: return "PERMANENT_ERROR_INITIALIZED";
	case 0x08: return "PARAMETERS_MODIFIED";
	case 0x0a: return "PARAMETERS_RESTORED";
	}
	return "?";
}

const char *ccw_crw_raw_str(const uint8_t *p, size_t n, char *buf, size_t len)
{
	static const struct bit bits[] = {
		{ 0x40000000, "SOLICITED" }, { 0x20000000, "OVERFLOW" }, { 0x10000000, "CHAINED" },
		{ 0x00800000, "ANCILLARY" }, { 0 },
	};
	struct ccw_text t = CCW_TEXT(buf, len);
	struct bytes b = { p, n, false };
	uint32_t w = get(&b, 4);

	ccw_text_add(&t, "rsc=%x(%s) erc=%x(%s) rsid=%04x", w >> 24 & 0xf,
		     ccw_rsc_name(w >> 24 & 0xf), w >> 16 & 0x3f, ccw_erc_name(w >> 16 & 0x3f),
		     w & 0xffff);
	add_bits(&t, " flags", bits, w);
	return end(&t, &b);
}

const char *ccw_sense0_str(uint8_t sense, char *buf, size_t len)
{
	static const struct bit bits[] = {
		{ 0x80, "CMDREJ" }, { 0x40, "INTREQ" }, { 0x20, "BUSOUT" }, { 0x10, "EQCHK" },
		{ 0x08, "DATACHK" }, { 0x04, "OVERRUN" }, { 0x02, "0x02" }, { 0x01, "0x01" }, { 0 },
	};
	struct ccw_text t = CCW_TEXT(buf, len);
	const struct bit *bit;
	const char *sep = "";

	if (!sense)
		ccw_text_add(&t, "0");
	for (bit = bits; bit->name; bit++) {
		if (!(sense & bit->bit))
			continue;
		ccw_text_add(&t, "%s%s", sep, bit->name);
		sep = "|";
	}
	return ccw_text_end(&t);
}

const char *ccw_ccw_raw_str(const uint8_t *p, size_t n, bool fmt1, char *buf, size_t len)
{
	static const struct bit bits[] = {
		{ 0x80, "CD" }, { 0x40, "CC" }, { 0x20, "SLI" }, { 0x10, "SKIP" }, { 0x08, "PCI" },
		{ 0x04, "IDA" }, { 0x02, "SUSP" }, { 0x01, "MIDA" }, { 0 },
	};
	struct ccw_text t = CCW_TEXT(buf, len);
	struct bytes b = { p, n, false };
	uint32_t cmd = get(&b, 1), addr, flags, count;

	if (fmt1) {
		flags = get(&b, 1);
		count = get(&b, 2);
		addr = get(&b, 4);
	} else {
		addr = get(&b, 2) << 8;
		addr |= get(&b, 1);
		flags = get(&b, 1);
		get(&b, 1);
		count = get(&b, 2);
	}
	if (cmd == 0x08 || (!fmt1 && (cmd & 0x0f) == 0x08)) {
		ccw_text_add(&t, "%02x %-13s to=%08x", cmd, "TIC", addr);
		return end(&t, &b);
	}
	ccw_text_add(&t, "%02x %-13s count=%u addr=%08x", cmd, ccw_cmd_name(cmd), count, addr);
	add_bits(&t, " flags", bits, flags);
	return end(&t, &b);
}
