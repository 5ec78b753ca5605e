// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a command as systemd does with User=, AmbientCapabilities=, CapabilityBoundingSet= and
 * NoNewPrivileges=: another user, these capabilities and no way to more.
 *
 *	with-caps UID CAPABILITY,... COMMAND [ARGUMENT]...	("none": no capability)
 */
#include <cap-ng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int raise_all(char *list)
{
	char *rest = list, *name;
	int cap;

	capng_clear(CAPNG_SELECT_ALL);
	while ((name = strsep(&rest, ","))) {
		if (!strcmp(name, "none"))
			continue;
		cap = capng_name_to_capability(name);
		if (cap < 0) {
			fprintf(stderr, "with-caps: no capability '%s'\n", name);
			return -1;
		}
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE |
			     CAPNG_BOUNDING_SET | CAPNG_AMBIENT, cap);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int rc;

	if (argc < 4 || raise_all(argv[2])) {
		fprintf(stderr, "usage: with-caps UID CAPABILITY,... COMMAND [ARGUMENT]...\n");
		return 2;
	}
	rc = capng_change_id(atoi(argv[1]), atoi(argv[1]),
			     CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING);
	if (rc || capng_apply(CAPNG_SELECT_AMBIENT) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		fprintf(stderr, "with-caps: cannot change rights (%d)\n", rc);
		return 1;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 127;
}
