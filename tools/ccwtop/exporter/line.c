// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "tools/ccwtop/exporter/line.h"

void exp_line_make(struct exp_line *l, const char *name, const char *suffix, const char *labels)
{
	int head = snprintf(l->head, sizeof(l->head), "%s%s{subchannel=\"", name, suffix);
	int rest = snprintf(l->rest, sizeof(l->rest), "\"%s} ", labels);

	if (head >= EXP_PART || rest >= EXP_PART)
		abort();
	l->head_len = head;
	l->rest_len = rest;
}
