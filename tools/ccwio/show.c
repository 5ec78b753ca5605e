// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "tools/dev/bytes.h"
#include "show.h"
#include "trace/ccw_names.h"

void show_hex(FILE *f, uint64_t addr, const uint8_t *bytes, size_t len)
{
	bool skipping = false;

	for (size_t i = 0; i < len; i += 16) {
		size_t n = len - i < 16 ? len - i : 16;

		/* equal lines once, as hexdump does; the last line always */
		if (i && n == 16 && i + 16 < len && memcmp(bytes + i, bytes + i - 16, 16) == 0) {
			if (!skipping)
				fprintf(f, "    *\n");
			skipping = true;
			continue;
		}
		skipping = false;
		fprintf(f, "    %08" PRIx64 " ", addr + i);
		for (size_t j = 0; j < 16; j++) {
			if (j % 4 == 0)
				fputc(' ', f);
			if (j < n)
				fprintf(f, "%02x", bytes[i + j]);
			else
				fputs("  ", f);
		}
		fputs("  ", f);
		for (size_t j = 0; j < n; j++)
			fputc(isprint(bytes[i + j]) && bytes[i + j] < 0x80 ? bytes[i + j] : '.', f);
		fputc('\n', f);
	}
}

void show_orb(FILE *f, const uint8_t *orb)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} bits[] = {
		{ ORB_SPND, "spnd" }, { ORB_STR, "str" }, { ORB_MOD, "mod" }, { ORB_SYNC, "sync" },
		{ ORB_PFCH, "pfch" }, { ORB_ISIC, "isic" }, { ORB_ALCC, "alcc" },
		{ ORB_SSIC, "ssic" }, { ORB_TM, "tm" }, { ORB_C64, "c64" }, { ORB_I2K, "i2k" },
		{ ORB_ILS, "ils" }, { ORB_MIDAW, "midaw" }, { ORB_ORBX, "orbx" },
	};
	uint32_t w = get_be32(orb + 4);

	fprintf(f, "orb %08x %08x %08x  cpa=0x%08x fmt=%d key=%u lpm=0x%02x", get_be32(orb), w,
		get_be32(orb + 8), get_be32(orb + 8), !!(w & ORB_FMT1), w >> ORB_KEY_SHIFT,
		w >> ORB_LPM_SHIFT & 0xff);
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		if (w & bits[i].bit)
			fprintf(f, " %s", bits[i].name);
	}
	fputc('\n', f);
}

static void show_sense(FILE *f, const char *what, const uint8_t *sense, size_t n)
{
	static const char *const bits[8] = {
		"COMMAND REJECT", "INTERVENTION REQUIRED", "BUS-OUT CHECK", "EQUIPMENT CHECK",
		"DATA CHECK", "OVERRUN", NULL, NULL,
	};

	fprintf(f, "    %s", what);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%02x", i % 4 ? "" : " ", sense[i]);
	for (int i = 0; n && i < 8; i++) {
		if (sense[0] & 0x80 >> i && bits[i])
			fprintf(f, "  %s", bits[i]);
	}
	fputc('\n', f);
}

void show_irb(FILE *f, const uint8_t *irb)
{
	uint32_t w = get_be32(irb);
	char fctl[64], actl[128], stctl[128], dstat[64], cstat[64];
	const uint8_t *sense;
	unsigned int n;

	fprintf(f, "irb scsw %08x %08x %08x\n", w, get_be32(irb + 4), get_be32(irb + 8));
	fprintf(f, "    fctl=%s actl=%s stctl=%s\n",
		ccw_fctl_str((w & SCSW_FCTL) >> 12, fctl, sizeof(fctl)),
		ccw_actl_str((w & SCSW_ACTL) >> 5, actl, sizeof(actl)),
		ccw_stctl_str(w & SCSW_STCTL, stctl, sizeof(stctl)));
	fprintf(f, "    dstat=%s cstat=%s cc=%u count=%u ccw=0x%08x%s\n",
		ccw_dstat_str(irb_dstat(irb), dstat, sizeof(dstat)),
		ccw_cstat_str(irb_cstat(irb), cstat, sizeof(cstat)), irb_cc(irb),
		get_be16(irb + 10), get_be32(irb + 4), w & SCSW_PNO ? " PATH NOT OPERATIONAL" : "");
	fprintf(f, "    esw %08x %08x %08x %08x %08x\n", get_be32(irb + 12), get_be32(irb + 16),
		get_be32(irb + 20), get_be32(irb + 24), get_be32(irb + 28));
	n = irb_sense(irb, &sense);
	if (n)
		show_sense(f, "sense", sense, n);
}

/* Documentation/arch/s390/vfio-ccw.rst of the kernel, "vfio-ccw I/O region" */
static const char *rc_meaning(int rc)
{
	switch (-rc) {
	case EOPNOTSUPP:
		return "transport mode, or an SCSW without the start function";
	case EIO:
		return "the device is not in a state to accept requests";
	case EBUSY:
		return "the subchannel is status pending or busy, or a request is active";
	case EAGAIN:
		return "another request is being processed";
	case EACCES:
		return "none of the channel paths is operational";
	case ENODEV:
		return "the device is not operational";
	case EINVAL:
		return "the program is too long, misplaced, or uses memory that is not mapped";
	case EFAULT:
		return "the program uses memory that is not mapped";
	case E2BIG:
		return "the program is too large";
	case ENOMEM:
		return "the driver had no memory for it";
	}
	return "not a documented reason";
}

const char *show_outcome(const struct io_result *res, char *buf, size_t len)
{
	static const char *const cleanup[] = {
		[IO_NOTHING] = "", [IO_HALTED] = ", ended by HALT",
		[IO_CLEARED] = ", ended by CLEAR",
		[IO_RESET] = ", ended by a reset of the device",
		[IO_STUCK] = ", and the device could not be reset",
	};
	char a[64], b[64];

	switch (res->end) {
	case IO_REFUSED:
		snprintf(buf, len, "refused: %s (%s)", ccw_rc_str(res->rc, a, sizeof(a)),
			 rc_meaning(res->rc));
		break;
	case IO_LEFT:
		snprintf(buf, len, "started, not waited for");
		break;
	case IO_CANCELLED:
		snprintf(buf, len, "taken back by CANCEL");
		break;
	case IO_TIMEOUT:
		snprintf(buf, len, "no final status after %s%s", ccw_ns_str(res->total_ns, a,
			 sizeof(a)), cleanup[res->cleanup]);
		break;
	case IO_FINAL:
		snprintf(buf, len, "cc=%u dstat=%s cstat=%s", irb_cc(res->irb),
			 ccw_dstat_str(irb_dstat(res->irb), a, sizeof(a)),
			 ccw_cstat_str(irb_cstat(res->irb), b, sizeof(b)));
		break;
	}
	return buf;
}

static void show_sense_id(FILE *f, const uint8_t *id, size_t len)
{
	if (len < 7 || id[0] != 0xff)
		return;
	fprintf(f, "    control unit %04x/%02x", get_be16(id + 1), id[3]);
	if (get_be16(id + 4))
		fprintf(f, ", device %04x/%02x", get_be16(id + 4), id[6]);
	/* command information words: flags, command, count */
	for (size_t i = 8; i + 4 <= len && id[i] & 0x40; i += 4) {
		static const char *const kinds[] = { "RCD", "SII", "RNI" };
		unsigned int kind = id[i] & 0x0f;

		fprintf(f, ", %s %02x count %u", kind < 3 ? kinds[kind] : "CIW", id[i + 1],
			get_be16(id + i + 2));
	}
	fputc('\n', f);
}

void show_inputs(FILE *f, const struct program *p, bool all)
{
	size_t limit = prog_input_count(p) > 1 ? 64 : 256;

	for (size_t i = 0; i < prog_input_count(p); i++) {
		const struct prog_input *in = prog_input(p, i);
		const uint8_t *host = prog_host(p, in->addr, in->len);
		const char *name = prog_command_name(in->cmd);

		if (!host)
			continue;
		fprintf(f, "data %s", in->name);
		if (in->offset)
			fprintf(f, "+%" PRIu64, in->offset);
		fprintf(f, " (%s, %u bytes)\n", name ? name : "input", in->len);
		if (in->cmd == 0xe4)
			show_sense_id(f, host, in->len);
		show_hex(f, in->addr, host, all || in->len <= limit ? in->len : limit);
		if (!all && in->len > limit)
			fprintf(f, "    %zu bytes more (-v shows all, -o FILE keeps them)\n",
				in->len - limit);
		if (in->cmd == 0x04)
			show_sense(f, "sense", host, in->len < 32 ? in->len : 32);
	}
}
