// SPDX-License-Identifier: GPL-2.0
/*
 * Names of the channel subsystem's numbers (Principles of Operation, chapters 14 to 16).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "trace/ccw_names.h"
#include "trace/text.h"

/* Name of bit 0x80 first. */
static const char *const dstat_names[8] = {
	"ATTN", "SM", "CUE", "BUSY", "CE", "DE", "UC", "UX",
};

static const char *const cstat_names[8] = {
	"PCI", "IL", "PGMCHK", "PROTCHK", "CDCHK", "CCCHK", "ICCHK", "CHAINCHK",
};

static const char *const fctl_names[8] = {
	[5] = "START", [6] = "HALT", [7] = "CLEAR",
};

static const char *const actl_names[8] = {
	[1] = "RESUME_PEND", [2] = "START_PEND", [3] = "HALT_PEND", [4] = "CLEAR_PEND",
	[5] = "SCH_ACTIVE", [6] = "DEV_ACTIVE", [7] = "SUSPENDED",
};

static const char *const stctl_names[8] = {
	[3] = "ALERT", [4] = "INTERMEDIATE", [5] = "PRIMARY", [6] = "SECONDARY", [7] = "PENDING",
};

static const char *bits_str(const char *const names[8], uint8_t bits, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	const char *sep = "";
	unsigned int i;

	if (!bits)
		ccw_text_add(&t, "0");
	for (i = 0; i < 8; i++) {
		if (!(bits & 0x80 >> i))
			continue;
		if (names[i])
			ccw_text_add(&t, "%s%s", sep, names[i]);
		else
			ccw_text_add(&t, "%s0x%02x", sep, 0x80 >> i);
		sep = "|";
	}
	return ccw_text_end(&t);
}

const char *ccw_dstat_str(uint8_t dstat, char *buf, size_t len)
{
	return bits_str(dstat_names, dstat, buf, len);
}

const char *ccw_cstat_str(uint8_t cstat, char *buf, size_t len)
{
	return bits_str(cstat_names, cstat, buf, len);
}

const char *ccw_fctl_str(uint8_t fctl, char *buf, size_t len)
{
	return bits_str(fctl_names, fctl, buf, len);
}

const char *ccw_actl_str(uint8_t actl, char *buf, size_t len)
{
	return bits_str(actl_names, actl, buf, len);
}

const char *ccw_stctl_str(uint8_t stctl, char *buf, size_t len)
{
	return bits_str(stctl_names, stctl, buf, len);
}

const char *ccw_io_flags_str(uint16_t flags, char *buf, size_t len)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} names[] = {
#define NAME(n, name) { n, #name },
		VFIO_CCW_IO_FLAGS(NAME)
#undef NAME
	};
	struct ccw_text t = CCW_TEXT(buf, len);
	const char *sep = "";
	size_t i;

	if (!flags)
		ccw_text_add(&t, "0");
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!(flags & names[i].bit))
			continue;
		ccw_text_add(&t, "%s%s", sep, names[i].name);
		sep = "|";
		flags &= ~names[i].bit;
	}
	if (flags)
		ccw_text_add(&t, "%s0x%04x", sep, flags);
	return ccw_text_end(&t);
}

/* errno numbers of Linux on s390x (asm-generic/errno.h), which need not be this machine's. */
static const struct {
	int nr;
	const char *name;
} errnos[] = {
	{ 1, "EPERM" }, { 2, "ENOENT" }, { 3, "ESRCH" }, { 4, "EINTR" }, { 5, "EIO" },
	{ 6, "ENXIO" }, { 7, "E2BIG" }, { 8, "ENOEXEC" }, { 9, "EBADF" }, { 10, "ECHILD" },
	{ 11, "EAGAIN" }, { 12, "ENOMEM" }, { 13, "EACCES" }, { 14, "EFAULT" }, { 15, "ENOTBLK" },
	{ 16, "EBUSY" }, { 17, "EEXIST" }, { 18, "EXDEV" }, { 19, "ENODEV" }, { 20, "ENOTDIR" },
	{ 21, "EISDIR" }, { 22, "EINVAL" }, { 23, "ENFILE" }, { 24, "EMFILE" }, { 25, "ENOTTY" },
	{ 26, "ETXTBSY" }, { 27, "EFBIG" }, { 28, "ENOSPC" }, { 29, "ESPIPE" }, { 30, "EROFS" },
	{ 31, "EMLINK" }, { 32, "EPIPE" }, { 33, "EDOM" }, { 34, "ERANGE" }, { 35, "EDEADLK" },
	{ 38, "ENOSYS" }, { 42, "ENOMSG" }, { 61, "ENODATA" }, { 62, "ETIME" }, { 67, "ENOLINK" },
	{ 70, "ECOMM" }, { 71, "EPROTO" }, { 74, "EBADMSG" }, { 75, "EOVERFLOW" },
	{ 84, "EILSEQ" }, { 90, "EMSGSIZE" }, { 95, "EOPNOTSUPP" }, { 105, "ENOBUFS" },
	{ 107, "ENOTCONN" }, { 108, "ESHUTDOWN" }, { 110, "ETIMEDOUT" }, { 112, "EHOSTDOWN" },
	{ 114, "EALREADY" }, { 115, "EINPROGRESS" }, { 116, "ESTALE" }, { 121, "EREMOTEIO" },
	{ 123, "ENOMEDIUM" }, { 124, "EMEDIUMTYPE" }, { 125, "ECANCELED" }, { 512, "ERESTARTSYS" },
	{ 524, "ENOTSUPP" },
};

const char *ccw_rc_str(int rc, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	size_t i;

	for (i = 0; rc < 0 && i < sizeof(errnos) / sizeof(*errnos); i++) {
		if (-errnos[i].nr == rc) {
			ccw_text_add(&t, "-%s", errnos[i].name);
			return ccw_text_end(&t);
		}
	}
	ccw_text_add(&t, "%d", rc);
	return ccw_text_end(&t);
}

const char *ccw_state_name(unsigned int state)
{
	static const char *const names[] = {
#define NAME(n, name) [n] = #name,
		VFIO_CCW_STATES(NAME)
#undef NAME
	};

	return state < sizeof(names) / sizeof(*names) && names[state] ? names[state] : "?";
}

const char *ccw_event_name(unsigned int event)
{
	static const char *const names[] = {
#define NAME(n, name) [n] = #name,
		VFIO_CCW_EVENTS(NAME)
#undef NAME
	};

	return event < sizeof(names) / sizeof(*names) && names[event] ? names[event] : "?";
}

const char *ccw_why_name(unsigned int why)
{
	static const char *const names[] = {
#define NAME(n, name) [n] = #name,
		VFIO_CCW_WHYS(NAME)
#undef NAME
	};

	return why < sizeof(names) / sizeof(*names) && names[why] ? names[why] : "?";
}

const char *ccw_function_name(unsigned int function)
{
	static const char *const names[] = {
#define NAME(n, name) [n] = #name,
		VFIO_CCW_FUNCTIONS(NAME)
#undef NAME
	};

	return function < sizeof(names) / sizeof(*names) && names[function] ? names[function] : "?";
}

const char *ccw_pin_name(unsigned int action)
{
	static const char *const names[] = {
#define NAME(n, name) [n] = #name,
		VFIO_CCW_PINS(NAME)
#undef NAME
	};

	return action < sizeof(names) / sizeof(*names) && names[action] ? names[action] : "?";
}

const char *ccw_stage_name(enum ccw_stage stage)
{
	static const char *const names[CCW_NR_STAGES] = {
		[CCW_TRANSLATE] = "translate", [CCW_START] = "start", [CCW_DEVICE] = "device",
		[CCW_DELIVER] = "deliver", [CCW_TOTAL] = "total",
	};

	return (unsigned int)stage < CCW_NR_STAGES ? names[stage] : "?";
}

const char *ccw_result_name(enum ccw_result r)
{
	static const char *const names[CCW_NR_RESULTS] = {
		[CCW_OK] = "ok",
		[CCW_ERR_REFUSED] = "refused",
		[CCW_ERR_CC] = "condition code",
		[CCW_ERR_ABORTED] = "aborted",
		[CCW_ERR_CHANNEL] = "channel check",
		[CCW_ERR_UNIT_CHECK] = "unit check",
		[CCW_ERR_UNIT_EXCEPTION] = "unit exception",
		[CCW_ERR_LENGTH] = "incorrect length",
	};

	return (unsigned int)r < CCW_NR_RESULTS ? names[r] : "?";
}

/*
 * Codes that mean one thing wherever they are accepted, and those of ECKD DASDs, the devices that
 * people pass through most. Everything else goes by its modifier bits.
 */
const char *ccw_cmd_name(uint8_t cmd)
{
	switch (cmd) {
	case 0x03: return "NOP";
	case 0x04: return "SENSE";
	case 0x05: return "WRITE DATA";
	case 0x06: return "READ DATA";
	case 0x07: return "SEEK";
	case 0x0b: return "SEEK CYL";
	case 0x0d: return "WRITE KD";
	case 0x0e: return "READ KD";
	case 0x12: return "READ ID";
	case 0x1b: return "SEEK HEAD";
	case 0x1d: return "WRITE CKD";
	case 0x1e: return "READ CKD";
	case 0x1f: return "SET FILE MASK";
	case 0x31: return "SEARCH ID EQ";
	case 0x47: return "LOCATE";
	case 0x4b: return "LOCATE EXT";
	case 0x5e: return "READ MULT CKD";
	case 0x63: return "DEFINE EXTENT";
	case 0x64: return "RDC";
	case 0x85: return "WRITE DATA MT";
	case 0x86: return "READ DATA MT";
	case 0xde: return "READ TRACK";
	case 0xe4: return "SENSE ID";
	case 0xe7: return "PREFIX";
	case 0xfa: return "RCD";
	}
	switch (cmd & 0x0f) {
	case 0x00: return "INVALID";
	case 0x04: return "SENSE";
	case 0x08: return "TIC";
	case 0x0c: return "READ BACKWARD";
	}
	switch (cmd & 0x03) {
	case 0x01: return "WRITE";
	case 0x02: return "READ";
	case 0x03: return "CONTROL";
	}
	return "INVALID";
}

const char *ccw_sch_str(struct ccw_sch sch, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);

	ccw_text_add(&t, "%x.%x.%04x", sch.cssid, sch.ssid, sch.schno);
	return ccw_text_end(&t);
}

/* One to max hex digits, and nothing that strtoul would let pass besides. */
static int parse_hex(const char **text, unsigned int max, unsigned int *value)
{
	unsigned int n = 0, v = 0;

	for (; n < max; n++, (*text)++) {
		char c = **text;

		if (c >= '0' && c <= '9')
			v = v << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v << 4 | (c - 'A' + 10);
		else
			break;
	}
	*value = v;
	return n ? 0 : -EINVAL;
}

int ccw_sch_parse(const char *text, struct ccw_sch *sch)
{
	unsigned int cssid, ssid, schno;

	if (parse_hex(&text, 2, &cssid) || *text++ != '.' ||
	    parse_hex(&text, 1, &ssid) || ssid > 3 || *text++ != '.' ||
	    parse_hex(&text, 4, &schno) || *text)
		return -EINVAL;
	sch->cssid = cssid;
	sch->ssid = ssid;
	sch->schno = schno;
	return 0;
}
