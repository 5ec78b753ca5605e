// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration file: read, refused, written whole.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "tools/ccwtop/config.h"
#include "tools/ccwtop/newfile.h"

static char dir[] = "/tmp/ccwtop-config.XXXXXX";

static const char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int read_text(struct top_config *c, const char *text, struct ccw_error *err)
{
	const char *path = in_dir("rc");
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	*c = (struct top_config)TOP_CONFIG_NONE;
	return top_config_read(c, path, true, err);
}

static void settings_are_read(void **state)
{
	struct ccw_error err = { "" };
	struct top_config c;

	(void)state;
	if (read_text(&c, "# mine\n\n  delay=2.5\r\nsort = -p99\n\tcolumns = sch,p99,rate\n"
		      "theme = light\n"
		      "ascii = yes\nmouse = no\nreadonly = yes", &err))
		assert_string_equal(err.text, "");
	assert_true(c.delay == 2.5);
	assert_string_equal(c.sort->key, "p99");
	assert_true(c.reverse);
	assert_int_equal(c.columns.count, 3);
	assert_int_equal(c.theme, TOP_THEME_LIGHT);
	assert_int_equal(c.ascii, 1);
	assert_int_equal(c.mouse, 0);
	assert_int_equal(c.readonly, 1);
}

static void mistakes_have_a_line(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "delay = 1\nnonsense = 1\n", "rc:2: no setting 'nonsense'" },
		{ "delay\n", "rc:1: want NAME = VALUE" },
		{ "delay = 0\n", "rc:1: want seconds" },
		{ "delay = nan\n", "rc:1: want seconds" },
		{ "delay = 1x\n", "rc:1: want seconds" },
		{ "\n\nsort = nonsense\n", "rc:3: no column 'nonsense'" },
		{ "columns = sch,sch\n", "rc:1: a column in 'sch,sch'" },
		{ "columns =\n", "rc:1: a column" },
		{ "theme = pink\n", "rc:1: want default, dark, light or mono" },
		{ "ascii = 1\n", "rc:1: want yes or no" },
		{ "= yes\n", "rc:1: no setting ''" },
	};
	struct ccw_error err;
	struct top_config c;
	char big[3000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err.text[0] = '\0';
		assert_int_equal(read_text(&c, bad[i].text, &err), -EINVAL);
		if (!strstr(err.text, bad[i].says))
			assert_string_equal(err.text, bad[i].says);
	}
	memset(big, 'x', sizeof(big));
	big[0] = '#';
	big[sizeof(big) - 1] = '\0';
	assert_int_equal(read_text(&c, big, &err), -E2BIG);
	for (i = 0; i < sizeof(big) - 1; i++)
		big[i] = '\n';
	assert_int_equal(read_text(&c, big, &err), -E2BIG);
	assert_non_null(strstr(err.text, "rc:1001: "));
}

static void a_file_may_be_missing(void **state)
{
	struct top_config c = TOP_CONFIG_NONE;
	struct ccw_error err;

	(void)state;
	assert_int_equal(top_config_read(&c, in_dir("nothing"), false, &err), 0);
	assert_int_equal(top_config_read(&c, in_dir("nothing/below"), false, &err), 0);
	assert_int_equal(top_config_read(&c, in_dir("nothing"), true, &err), -ENOENT);
	assert_non_null(strstr(err.text, "nothing: cannot be read: No such file"));
	assert_int_equal(top_config_read(&c, dir, false, &err), -EISDIR);
}

static void what_is_written_is_read(void **state)
{
	struct top_config c = TOP_CONFIG_NONE, r = TOP_CONFIG_NONE;
	struct ccw_error err = { "" };
	char bad[16], target[128];
	struct stat st;

	(void)state;
	c.delay = 0.2;
	c.sort = top_column_find("p50");
	c.reverse = true;
	c.theme = TOP_THEME_DARK;
	c.mouse = 1;
	assert_int_equal(top_selection_parse(&c.columns, "sch,p50,split", bad, sizeof(bad)), 0);
	if (top_config_write(&c, in_dir("new/dirs/rc"), &err))
		assert_string_equal(err.text, "");
	assert_int_equal(stat(in_dir("new"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(top_config_read(&r, in_dir("new/dirs/rc"), true, &err), 0);
	assert_true(r.delay == 0.2);
	assert_ptr_equal(r.sort, c.sort);
	assert_true(r.reverse);
	assert_int_equal(r.columns.count, 3);
	assert_int_equal(r.theme, TOP_THEME_DARK);
	assert_int_equal(r.ascii, -1);
	assert_int_equal(r.mouse, 1);
	/* a link stays one */
	strcpy(target, in_dir("new/dirs/rc"));
	assert_int_equal(symlink(target, in_dir("link")), 0);
	c.delay = 5;
	assert_int_equal(top_config_write(&c, in_dir("link"), &err), 0);
	assert_int_equal(lstat(in_dir("link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(top_config_read(&r, target, true, &err), 0);
	assert_true(r.delay == 5);
}

static void what_is_given_wins(void **state)
{
	struct top_config c = TOP_CONFIG_NONE, more = TOP_CONFIG_NONE;

	(void)state;
	c.delay = 3;
	c.sort = top_column_find("p50");
	c.mouse = 0;
	more.delay = 7;
	more.sort = top_column_find("p99");
	more.reverse = true;
	more.mouse = 1;
	more.theme = TOP_THEME_MONO;
	top_config_complete(&c, &more);
	assert_true(c.delay == 3);
	assert_string_equal(c.sort->key, "p50");
	assert_false(c.reverse);
	assert_int_equal(c.mouse, 0);
	assert_int_equal(c.theme, TOP_THEME_MONO);
}

static void paths_follow_xdg(void **state)
{
	char *path;

	(void)state;
	setenv("HOME", "/home/somebody", 1);
	unsetenv("XDG_CONFIG_HOME");
	path = top_config_path();
	assert_string_equal(path, "/home/somebody/.config/ccwtop/ccwtoprc");
	free(path);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	path = top_config_path();
	assert_string_equal(path, "/home/somebody/.config/ccwtop/ccwtoprc");
	free(path);
	setenv("XDG_CONFIG_HOME", "/etc/xdg", 1);
	path = top_config_path();
	assert_string_equal(path, "/etc/xdg/ccwtop/ccwtoprc");
	free(path);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("HOME");
	assert_null(top_config_path());
}

static void new_files_are_whole(void **state)
{
	struct top_newfile n;
	struct stat st;
	char name[128];

	(void)state;
	strcpy(name, in_dir("snapshot"));
	umask(022);
	assert_int_equal(top_newfile_open(&n, name), 0);
	fputs("text\n", n.f);
	assert_int_equal(stat(name, &st), -1); /* not yet */
	assert_int_equal(top_newfile_commit(&n, false), 0);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_size, 5);
	assert_int_equal(st.st_mode & 0777, 0644);
	/* nothing is overwritten that was not meant */
	assert_int_equal(top_newfile_open(&n, name), 0);
	assert_int_equal(top_newfile_commit(&n, false), -EEXIST);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_size, 5);
	assert_int_equal(top_newfile_open(&n, name), 0);
	assert_int_equal(top_newfile_commit(&n, true), 0);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(top_newfile_open(&n, in_dir("none/snapshot")), -ENOENT);
	/* nothing else is left */
	assert_int_equal(top_newfile_open(&n, name), 0);
	top_newfile_discard(&n);
	snprintf(name, sizeof(name), "test -z \"$(find %s -name '.*.*')\"", dir);
	assert_int_equal(system(name), 0);
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_read),
		cmocka_unit_test(mistakes_have_a_line),
		cmocka_unit_test(a_file_may_be_missing),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(what_is_given_wins),
		cmocka_unit_test(paths_follow_xdg),
		cmocka_unit_test(new_files_are_whole),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
