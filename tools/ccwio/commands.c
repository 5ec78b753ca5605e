// SPDX-License-Identifier: GPL-2.0
/* Command codes by name: what every device knows, ECKD DASD, tape. */
#include <errno.h>
#include <string.h>

#include "program.h"

static const struct {
	const char *name;
	uint8_t code;
} commands[] = {
	{ "nop", 0x03 },
	{ "sense", 0x04 },
	{ "sense-id", 0xe4 },
	{ "rcd", 0xfa },		/* read configuration data */
	{ "read-ipl", 0x02 },
	/* ECKD DASD */
	{ "write", 0x05 },
	{ "read", 0x06 },
	{ "seek", 0x07 },
	{ "seek-cyl", 0x0b },
	{ "write-kd", 0x0d },
	{ "read-kd", 0x0e },
	{ "erase", 0x11 },
	{ "read-count", 0x12 },
	{ "recalibrate", 0x13 },
	{ "write-r0", 0x15 },
	{ "read-r0", 0x16 },
	{ "seek-head", 0x1b },
	{ "write-ckd", 0x1d },
	{ "read-ckd", 0x1e },
	{ "set-file-mask", 0x1f },
	{ "search-id", 0x31 },
	{ "search-ha", 0x39 },
	{ "locate-record", 0x47 },
	{ "define-extent", 0x63 },
	{ "rdc", 0x64 },		/* read device characteristics */
	{ "write-mt", 0x85 },
	{ "read-mt", 0x86 },
	{ "read-track", 0xde },
	/* tape; where a code is shared with DASD the first name is the one shown */
	{ "tape-write", 0x01 },
	{ "tape-read", 0x02 },
	{ "rewind", 0x07 },
	{ "read-backward", 0x0c },
	{ "write-tape-mark", 0x1f },
	{ "backspace-block", 0x27 },
	{ "forward-space-block", 0x37 },
	{ "forward-space-file", 0x3f },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

int prog_command_code(const char *name, uint8_t *code)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(name, commands[i].name) == 0) {
			*code = commands[i].code;
			return 0;
		}
	}
	return -ENOENT;
}

const char *prog_command_name(uint8_t code)
{
	if ((code & 0x0f) == 0x08)
		return "tic";
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (commands[i].code == code)
			return commands[i].name;
	}
	return NULL;
}

bool prog_command_is_input(uint8_t cmd)
{
	/* PoP, "Command Code": xxxx xx10 read, xxxx 1100 read backward, xxxx 0100 sense */
	return (cmd & 0x03) == 0x02 || (cmd & 0x0f) == 0x0c || (cmd & 0x0f) == 0x04;
}
