// SPDX-License-Identifier: GPL-2.0
#include "tools/ccwtop/exporter/buf.h"

#define NSEC_PER_SEC 1000000000ULL

void exp_put_u64(struct exp_buf *b, uint64_t n)
{
	char digits[20];
	unsigned int i = sizeof(digits);

	do {
		digits[--i] = '0' + n % 10;
		n /= 10;
	} while (n);
	exp_put(b, digits + i, sizeof(digits) - i);
}

void exp_put_i64(struct exp_buf *b, int64_t n)
{
	if (n < 0)
		EXP_PUT(b, "-");
	exp_put_u64(b, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

void exp_put_seconds(struct exp_buf *b, uint64_t ns)
{
	uint64_t part = ns % NSEC_PER_SEC;
	char digits[10] = ".";
	unsigned int i;

	exp_put_u64(b, ns / NSEC_PER_SEC);
	for (i = 9; i; i--) {
		digits[i] = '0' + part % 10;
		part /= 10;
	}
	exp_put(b, digits, sizeof(digits));
}

void exp_put_label(struct exp_buf *b, const char *name, const char *value)
{
	EXP_PUT(b, ",");
	exp_puts(b, name);
	EXP_PUT(b, "=\"");
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			EXP_PUT(b, "\\");
		if (*value < ' ' || *value > '~')
			EXP_PUT(b, "?");
		else
			exp_put(b, value, 1);
	}
	EXP_PUT(b, "\"");
}
