/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a machine has for tracing channel I/O and passing devices through, and what it lacks.
 */
#ifndef CCWTRACE_ENV_H
#define CCWTRACE_ENV_H

#include <stdbool.h>

#define ENV_MAX 24

enum env_verdict {
	ENV_GOOD,
	ENV_NOTE, /* works, with something to know */
	ENV_BAD, /* something does not work: advice says what to do */
};

struct env_line {
	const char *name; /* "driver" */
	enum env_verdict verdict;
	char value[128]; /* what there is */
	char advice[192]; /* "" or what to do, or to know */
};

struct env {
	struct env_line lines[ENV_MAX];
	unsigned int nr;
};

/*
 * Looks at the machine whose files are below @root, "" for this one. Changes nothing, needs no
 * rights: what this process may not see is bad for that reason.
 */
void env_gather(struct env *env, const char *root);

bool env_good(const struct env *env); /* no line is bad */
const char *env_verdict_str(enum env_verdict verdict);

#endif /* CCWTRACE_ENV_H */
