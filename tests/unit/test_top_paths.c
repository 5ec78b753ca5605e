// SPDX-License-Identifier: GPL-2.0
/*
 * Channel paths out of a sysfs made by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tools/ccwtop/paths.h"

static char root[] = "/tmp/test_top_paths.XXXXXX";

static void shell(const char *cmd)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd %s && %s", root, cmd);
	assert_int_equal(system(line), 0);
}

static int make_root(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	(void)state;
	shell("rm -rf devices bus");
	return rmdir(root);
}

static void nothing_there(void **state)
{
	struct top_paths *p = top_paths_new(root);
	struct top_sch_paths s;

	(void)state;
	assert_int_equal(top_paths_scan(p), 0);
	assert_int_equal(top_paths_count(p), 0);
	assert_null(top_paths_at(p, 0));
	assert_null(top_paths_find(p, 0, 0));
	top_paths_read(p, (struct ccw_sch){ 0, 0, 1 }, &s);
	assert_false(s.known);
	assert_false(top_path_used(&s, 0));
	top_paths_free(p);
}

static void paths_and_masks(void **state)
{
	const struct ccw_sch sch = { 0, 0, 3 };
	struct top_paths *p = top_paths_new(root);
	struct top_sch_paths s;

	(void)state;
	shell("mkdir -p devices/css0/chp0.41 devices/css0/chp0.40 devices/css0/chp0.zz "
	      "devices/css0/0.0.0003 devices/css0/chp0.42 bus/css/devices/0.0.0003 "
	      "bus/css/devices/0.0.0004 && "
	      "echo online > devices/css0/chp0.40/status && echo 1b > devices/css0/chp0.40/type && "
	      "echo 1 > devices/css0/chp0.40/configure && "
	      "echo offline > devices/css0/chp0.41/status && "
	      "printf 'a\\033[31mvery long line indeed' > devices/css0/chp0.42/status && "
	      "echo '40 41 42 43 00 00 00 00' > bus/css/devices/0.0.0003/chpids && "
	      "echo 'f0 e0 d0' > bus/css/devices/0.0.0003/pimpampom && "
	      "echo '40 41' > bus/css/devices/0.0.0004/chpids && "
	      "echo 'f0 e0 d0' > bus/css/devices/0.0.0004/pimpampom");
	assert_int_equal(top_paths_scan(p), 0);
	assert_int_equal(top_paths_count(p), 3);
	assert_int_equal(top_paths_at(p, 0)->id, 0x40);
	assert_string_equal(top_paths_at(p, 0)->status, "online");
	assert_string_equal(top_paths_at(p, 0)->type, "1b");
	assert_string_equal(top_paths_at(p, 0)->configure, "configured");
	assert_string_equal(top_paths_find(p, 0, 0x41)->status, "offline");
	assert_string_equal(top_paths_find(p, 0, 0x41)->type, "");
	assert_string_equal(top_paths_find(p, 0, 0x42)->status, "a?[31mvery "); /* cut, harmless */
	assert_null(top_paths_find(p, 1, 0x40));

	top_paths_read(p, sch, &s);
	assert_true(s.known);
	assert_int_equal(s.pim, 0xf0);
	assert_int_equal(s.pam, 0xe0);
	assert_int_equal(s.pom, 0xd0);
	assert_int_equal(s.chpid[3], 0x43);
	assert_true(top_path_used(&s, 3));
	assert_false(top_path_used(&s, 4));
	assert_string_equal(top_path_problem(&s, 0, top_paths_find(p, 0, 0x40)), "");
	assert_string_equal(top_path_problem(&s, 1, top_paths_find(p, 0, 0x41)), "varied off");
	assert_string_equal(top_path_problem(&s, 2, NULL), "not operational");
	assert_string_equal(top_path_problem(&s, 3, NULL), "not available");
	top_paths_read(p, (struct ccw_sch){ 0, 0, 4 }, &s); /* not eight of them */
	assert_false(s.known);
	shell("rm -r devices/css0/chp0.41");
	assert_int_equal(top_paths_scan(p), 0);
	assert_int_equal(top_paths_count(p), 2);
	top_paths_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(paths_and_masks),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
