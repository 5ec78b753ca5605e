// SPDX-License-Identifier: GPL-2.0
/*
 * Devices behind subchannels: from sysfs to the text of a recording and back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "trace/ccw_device.h"

#define UUID "00000000-0000-4000-8000-000000000003"

static char dir[] = "/tmp/test_device.XXXXXX";

/* Makes the directories of a path below dir, and the file with text if it is not NULL. */
static void put(const char *path, const char *text)
{
	char full[300], *p;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	for (p = full + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		mkdir(full, 0755);
		*p = '/';
	}
	if (!text) {
		mkdir(full, 0755);
		return;
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	/* passed through, with a note of what it is; and one whose note is of another device */
	put("sys/bus/css/devices/0.0.0003/dev_busid", "0.0.0120\n");
	put("sys/bus/css/devices/0.0.0003/" UUID, NULL);
	put("run/0.0.0003", "dev_busid=0.0.0120\ndevtype=3390/0c\ncutype=3990/e9\n");
	put("sys/bus/css/devices/0.0.0004/dev_busid", "0.0.0121\n");
	put("run/0.0.0004", "dev_busid=0.0.0999\ndevtype=3390/0c\ncutype=3990/e9\n");
	/* the kernel's own */
	put("sys/bus/css/devices/0.1.0000/0.1.1000/devtype", "n/a\n");
	put("sys/bus/css/devices/0.1.0000/0.1.1000/cutype", "3832/02\n");
	/* nothing behind it */
	put("sys/bus/css/devices/0.0.0005/dev_busid", "none\n");
	put("sys/bus/css/devices/defunct/dev_busid", "0.0.0001\n");
	put("sys/module/vfio_ccw/srcversion", "ABCDEF0123\n");
	return 0;
}

static int tear_down(void **state)
{
	char command[300];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static struct ccw_devices *gather(const struct ccw_filter *filter)
{
	struct ccw_devices *d = ccw_devices_new();
	char sys[64], run[64];

	assert_non_null(d);
	snprintf(sys, sizeof(sys), "%s/sys", dir);
	snprintf(run, sizeof(run), "%s/run", dir);
	assert_int_equal(ccw_devices_gather(d, sys, run, filter), 0);
	return d;
}

static void check(const struct ccw_devices *d)
{
	const struct ccw_device *one = ccw_devices_at(d, 0);

	assert_int_equal(ccw_devices_count(d), 3);
	assert_string_equal(ccw_devices_driver(d), "vfio_ccw ABCDEF0123");
	assert_int_equal(one->sch.schno, 3);
	assert_string_equal(one->devno, "0.0.0120");
	assert_string_equal(one->dev, "3390/0c");
	assert_string_equal(one->cu, "3990/e9");
	assert_string_equal(one->mdev, UUID);
	one = ccw_devices_find(d, (struct ccw_sch){ .schno = 4 });
	assert_non_null(one);
	assert_string_equal(one->devno, "0.0.0121");
	assert_string_equal(one->cu, "");
	one = ccw_devices_at(d, 2);
	assert_int_equal(one->sch.ssid, 1);
	assert_string_equal(one->devno, "0.1.1000");
	assert_string_equal(one->dev, "");
	assert_string_equal(one->cu, "3832/02");
	assert_null(ccw_devices_at(d, 3));
	assert_null(ccw_devices_find(d, (struct ccw_sch){ .schno = 5 }));
}

static void there_and_back(void **state)
{
	struct ccw_devices *d = gather(NULL), *back = ccw_devices_new();
	char *text = ccw_devices_text(d);

	(void)state;
	check(d);
	assert_non_null(text);
	assert_int_equal(ccw_devices_parse(back, text, strlen(text) + 1), 0);
	check(back);
	/* Once more changes nothing. */
	assert_int_equal(ccw_devices_parse(back, text, strlen(text)), 0);
	check(back);
	free(text);
	ccw_devices_free(d);
	ccw_devices_free(back);
}

static void filtered(void **state)
{
	struct ccw_filter *filter = NULL;
	struct ccw_devices *d;

	(void)state;
	assert_int_equal(ccw_filter_add(&filter, "0.0.0004", NULL, 0), 0);
	d = gather(filter);
	assert_int_equal(ccw_devices_count(d), 1);
	ccw_devices_free(d);
	ccw_filter_free(filter);
}

/* What was known stays when the device goes; what is new counts. */
static void later(void **state)
{
	static const char first[] = "ccw 1\ndevice 0.0.0003 devno=0.0.0001 cu=3990/e9 mdev=x\n";
	static const char second[] = "device 0.0.0003 devno=0.0.0002 future=y\nfuture z\n"
				     "device 0.0.0001 cu=1/1\n";
	struct ccw_devices *d = ccw_devices_new();
	const struct ccw_device *one;

	(void)state;
	assert_int_equal(ccw_devices_parse(d, first, sizeof(first)), 0);
	assert_int_equal(ccw_devices_parse(d, second, sizeof(second)), 0);
	assert_int_equal(ccw_devices_count(d), 2);
	one = ccw_devices_at(d, 1);
	assert_string_equal(one->devno, "0.0.0002");
	assert_string_equal(one->cu, "3990/e9");
	assert_string_equal(one->mdev, "x");
	ccw_devices_free(d);
}

static void nonsense(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "device", "device ", "device 0.0.x", "device x devno=1", "driver",
		"device 0.0.00030000000000000000000000000000 cu=1/1", "device\0", "   device   ",
	};
	static const char odd[] =
		"device 0.0.0001 cu=a\x01\xff" "b dev= devno=0123456789012345678\n"
		"driver a b c d e f 0123456789012345678901234567890123456789012\n";
	struct ccw_devices *d = ccw_devices_new();
	const struct ccw_device *one;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(ccw_devices_parse(d, texts[i], strlen(texts[i])), 0);
	assert_int_equal(ccw_devices_count(d), 0);
	for (n = 0; n < sizeof(odd); n++) {
		char *exact = malloc(n + !n); /* the sanitizer sees a byte too far */

		memcpy(exact, odd, n);
		assert_int_equal(ccw_devices_parse(d, exact, n), 0);
		free(exact);
	}
	one = ccw_devices_find(d, (struct ccw_sch){ .schno = 1 });
	assert_non_null(one);
	assert_string_equal(one->cu, "a??b");
	assert_string_equal(one->dev, "");
	assert_string_equal(one->devno, "01234567890");
	assert_int_equal(strlen(ccw_devices_driver(d)), 47);
	ccw_devices_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(filtered),
		cmocka_unit_test(later),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
