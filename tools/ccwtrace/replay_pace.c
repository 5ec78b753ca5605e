// SPDX-License-Identifier: GPL-2.0
#include "tools/ccwtrace/replay.h"

uint64_t replay_due(uint64_t begin, uint64_t from, uint64_t ts, double speed)
{
	const uint64_t latest = INT64_MAX;
	double after = ts > from ? (double)(ts - from) / speed : 0;

	if (begin >= latest || after >= (double)(latest - begin))
		return latest;
	return begin + (uint64_t)after;
}
