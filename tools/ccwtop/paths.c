// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/ccwtop/paths.h"
#include "trace/ccw_names.h"

#define MAX_CSS 4 /* channel-subsystem images that a machine has */

struct top_paths {
	char *sys;
	struct top_chp *chp;
	size_t count, room;
};

struct top_paths *top_paths_new(const char *sys)
{
	struct top_paths *p = calloc(1, sizeof(*p));

	if (p)
		p->sys = strdup(sys);
	if (p && p->sys)
		return p;
	free(p);
	return NULL;
}

void top_paths_free(struct top_paths *p)
{
	if (!p)
		return;
	free(p->sys);
	free(p->chp);
	free(p);
}

/* A line of a file; "" if there is none. */
static void read_line(const char *path, char *buf, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, len - 1);
	char *c;

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = '\0';
	for (c = buf; *c && *c != '\n'; c++) {
		if (!isprint((unsigned char)*c))
			*c = '?';
	}
	*c = '\0';
}

static void read_chp(struct top_chp *chp, const char *sys)
{
	static const char *const states[] = {
		"standby", "configured", "reserved", "not recognized"
	};
	char dir[400], path[512], n[8];

	snprintf(dir, sizeof(dir), "%s/devices/css%x/chp%x.%02x", sys, chp->cssid, chp->cssid,
		 chp->id);
	snprintf(path, sizeof(path), "%s/status", dir);
	read_line(path, chp->status, sizeof(chp->status));
	snprintf(path, sizeof(path), "%s/type", dir);
	read_line(path, chp->type, sizeof(chp->type));
	snprintf(path, sizeof(path), "%s/configure", dir);
	read_line(path, n, sizeof(n));
	if (n[0] >= '0' && n[0] <= '3' && !n[1])
		snprintf(chp->configure, sizeof(chp->configure), "%s", states[n[0] - '0']);
}

static int scan_css(struct top_paths *p, unsigned int css)
{
	char path[512];
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/devices/css%u", p->sys, css);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((e = readdir(dir))) {
		unsigned int cssid, id;
		int end = 0;

		if (sscanf(e->d_name, "chp%1x.%2x%n", &cssid, &id, &end) != 2 || e->d_name[end] ||
		    cssid != css)
			continue;
		if (p->count == p->room) {
			size_t room = p->room ? 2 * p->room : 16;
			struct top_chp *chp = realloc(p->chp, room * sizeof(*chp));

			if (!chp) {
				closedir(dir);
				return -ENOMEM;
			}
			p->chp = chp;
			p->room = room;
		}
		p->chp[p->count] = (struct top_chp){ .cssid = cssid, .id = id };
		read_chp(&p->chp[p->count++], p->sys);
	}
	closedir(dir);
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct top_chp *x = a, *y = b;

	return (x->cssid << 8 | x->id) - (y->cssid << 8 | y->id);
}

int top_paths_scan(struct top_paths *p)
{
	unsigned int css;
	int rc = 0;

	p->count = 0;
	for (css = 0; css < MAX_CSS && !rc; css++)
		rc = scan_css(p, css);
	if (p->count)
		qsort(p->chp, p->count, sizeof(*p->chp), by_id);
	return rc;
}

void top_paths_read(const struct top_paths *p, struct ccw_sch sch, struct top_sch_paths *s)
{
	char path[512], name[16], ids[64], masks[32];
	unsigned int id[TOP_CHPIDS], pim, pam, pom;
	int i;

	*s = (struct top_sch_paths){ .sch = sch };
	ccw_sch_str(sch, name, sizeof(name));
	snprintf(path, sizeof(path), "%s/bus/css/devices/%s/chpids", p->sys, name);
	read_line(path, ids, sizeof(ids));
	snprintf(path, sizeof(path), "%s/bus/css/devices/%s/pimpampom", p->sys, name);
	read_line(path, masks, sizeof(masks));
	if (sscanf(masks, "%2x %2x %2x", &pim, &pam, &pom) != 3 ||
	    sscanf(ids, "%2x %2x %2x %2x %2x %2x %2x %2x", &id[0], &id[1], &id[2], &id[3], &id[4],
		   &id[5], &id[6], &id[7]) != TOP_CHPIDS)
		return;
	s->known = true;
	s->pim = pim;
	s->pam = pam;
	s->pom = pom;
	for (i = 0; i < TOP_CHPIDS; i++)
		s->chpid[i] = id[i];
}

size_t top_paths_count(const struct top_paths *p)
{
	return p->count;
}

const struct top_chp *top_paths_at(const struct top_paths *p, size_t i)
{
	return i < p->count ? &p->chp[i] : NULL;
}

const struct top_chp *top_paths_find(const struct top_paths *p, uint8_t cssid, uint8_t id)
{
	const struct top_chp key = { .cssid = cssid, .id = id };

	return p->count ? bsearch(&key, p->chp, p->count, sizeof(key), by_id) : NULL;
}

bool top_path_used(const struct top_sch_paths *s, int i)
{
	return s->known && s->pim & 0x80 >> i;
}

const char *top_path_problem(const struct top_sch_paths *s, int i, const struct top_chp *chp)
{
	if (!(s->pam & 0x80 >> i))
		return "not available";
	if (!(s->pom & 0x80 >> i))
		return "not operational";
	return chp && !strcmp(chp->status, "offline") ? "varied off" : "";
}
