// SPDX-License-Identifier: GPL-2.0
/*
 * What keys do that write files: snapshots, recordings, the configuration.
 */
#include <curses.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/ccwtop/act.h"
#include "tools/ccwtop/batch.h"
#include "tools/ccwtop/newfile.h"

#define UNUSED __attribute__((unused))

/* A name that nobody has yet, in the present directory: ccwtop-20261121-150412.txt */
static void name_by_time(char *buf, size_t len, const char *ending)
{
	time_t now = time(NULL);
	struct tm tm;

	if (!localtime_r(&now, &tm) || !strftime(buf, len, "ccwtop-%Y%m%d-%H%M%S", &tm))
		snprintf(buf, len, "ccwtop");
	strncat(buf, ending, len - strlen(buf) - 1);
}

/* --- snapshot --- */

/* The lines of the screen, without the one that keys are named in. */
static void put_screen(struct top_win *w, FILE *f)
{
	char line[4 * TOP_MAX_WIDTH + 1];
	int y, n;

	/* Keys that came together with this one may have changed more than was drawn. */
	top_draw(w);
	for (y = 0; y < w->rows - 1; y++) {
		n = mvinnstr(y, 0, line, sizeof(line) - 1);
		n = n < 0 ? 0 : n;
		while (n && line[n - 1] == ' ')
			n--;
		fprintf(f, "%.*s\n", n, line);
	}
}

static void write_snapshot(struct top_win *w, const char *name)
{
	struct top_newfile file;
	int rc;

	if (!*name)
		return;
	rc = top_newfile_open(&file, name);
	if (!rc) {
		if (w->mode == TOP_TABLE)
			top_batch_block(w->v, file.f);
		else
			put_screen(w, file.f);
		rc = top_newfile_commit(&file, false);
	}
	if (rc == -EEXIST)
		top_say(w, true, "%s is there already (choose another name)", name);
	else if (rc)
		top_say(w, true, "cannot write %s: %s", name, strerror(-rc));
	else
		top_say(w, false, "written: %s", name);
}

void top_act_snapshot(struct top_win *w, int key UNUSED)
{
	char name[64];

	name_by_time(name, sizeof(name), ".txt");
	top_ask(w, "write the screen to: ", name, write_snapshot);
}

/* --- recording --- */

static void start_recording(struct top_win *w, const char *name)
{
	const char *only = w->v->sieve.subchannels;
	struct ccw_error err;

	if (!*name)
		return;
	if (top_recorder_start(&w->recorder, name, *only ? only : NULL, &err))
		top_say(w, true, "%s", err.text);
	else
		top_say(w, false, "recording to %s; R ends it", name);
}

void top_act_record(struct top_win *w, int key UNUSED)
{
	char name[64];

	if (top_gather_is_file(w->v->gather)) {
		top_say(w, true, "this is a recording: there is nothing to record");
		return;
	}
	if (w->recorder) {
		top_recorder_stop(w->recorder);
		return;
	}
	name_by_time(name, sizeof(name), ".dat");
	top_ask(w, "record to: ", name, start_recording);
}

bool top_act_record_look(struct top_win *w)
{
	char said[320];
	int rc;

	if (!w->recorder || !top_recorder_done(w->recorder))
		return false;
	rc = top_recorder_finish(w->recorder, said, sizeof(said));
	w->recorder = NULL;
	w->recorded = rc ? rc : w->recorded;
	top_say(w, rc, "%s", said);
	return true;
}

int top_act_record_end(struct top_win *w)
{
	char said[320];
	int rc;

	if (!w->recorder)
		return w->recorded;
	rc = top_recorder_finish(w->recorder, said, sizeof(said));
	w->recorder = NULL;
	fprintf(stderr, "ccwtop: %s\n", said);
	return rc ? rc : w->recorded;
}

/* --- configuration --- */

void top_act_save_config(struct top_win *w, int key UNUSED)
{
	struct top_config c = *w->config;
	struct ccw_error err;

	if (!w->config_path) {
		top_say(w, true, "nowhere to write it: HOME is not set (use --config FILE)");
		return;
	}
	c.delay = w->v->delay;
	c.sort = w->v->sort;
	c.reverse = w->v->reverse;
	c.columns = w->v->columns;
	c.readonly = -1;
	if (top_config_write(&c, w->config_path, &err))
		top_say(w, true, "%s", err.text);
	else
		top_say(w, false, "written: %s", w->config_path);
}
