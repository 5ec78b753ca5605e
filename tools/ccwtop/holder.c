// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/ccwtop/holder.h"

#define LINKS_A_STEP 256 /* some 0.3 ms */
#define PROCESSES_A_STEP 64
#define MOST 8192 /* holders; no machine has as many devices */
#define VFIO "/dev/vfio/"

struct table {
	struct top_holder *list;
	size_t count, room;
};

struct top_holders {
	char proc[64];
	DIR *processes; /* NULL: a new round begins */
	DIR *files; /* of process pid; NULL: the next process */
	int pid;
	struct table found, known; /* in this round, in the last whole one */
};

struct top_holders *top_holders_new(const char *proc)
{
	struct top_holders *h = calloc(1, sizeof(*h));

	if (h)
		snprintf(h->proc, sizeof(h->proc), "%s", proc);
	return h;
}

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
	*dir = NULL;
}

void top_holders_free(struct top_holders *h)
{
	if (!h)
		return;
	close_dir(&h->processes);
	close_dir(&h->files);
	free(h->found.list);
	free(h->known.list);
	free(h);
}

static ssize_t read_file(const struct top_holders *h, const char *name, char *buf, size_t len)
{
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%d/%s", h->proc, h->pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, buf, len - 1);
	close(fd);
	if (n >= 0)
		buf[n] = '\0';
	return n;
}

/* Up to a comma, a newline or the end; what would break a screen is replaced. */
static void copy_name(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < size && from[i] && from[i] != ',' && from[i] != '\n'; i++)
		to[i] = isgraph((unsigned char)from[i]) ? from[i] : '?';
	to[i] = '\0';
}

/* qemu -name guest=NAME,debug-threads=on, or -name NAME */
static bool qemu_name(char *args, size_t len, struct top_holder *holder)
{
	size_t at = 0;
	bool next = false;

	while (at < len) {
		const char *arg = args + at, *guest;

		at += strlen(arg) + 1;
		if (next) {
			guest = strstr(arg, "guest=");
			copy_name(holder->name, sizeof(holder->name), guest ? guest + 6 : arg);
			return holder->name[0];
		}
		next = !strcmp(arg, "-name") || !strcmp(arg, "--name");
	}
	return false;
}

static void read_name(const struct top_holders *h, struct top_holder *holder)
{
	char text[16384];
	ssize_t n = read_file(h, "cmdline", text, sizeof(text));

	if (n > 0 && qemu_name(text, n, holder))
		return;
	if (read_file(h, "comm", text, sizeof(text)) > 0)
		copy_name(holder->name, sizeof(holder->name), text);
}

static void add(struct top_holders *h, const char *node)
{
	struct table *t = &h->found;
	struct top_holder *holder;

	if (t->count == t->room) {
		size_t room = t->room ? 2 * t->room : 16;
		struct top_holder *list =
			room <= MOST ? realloc(t->list, room * sizeof(*list)) : NULL;

		if (!list)
			return;
		t->list = list;
		t->room = room;
	}
	holder = &t->list[t->count++];
	memset(holder, 0, sizeof(*holder));
	snprintf(holder->node, sizeof(holder->node), "%.23s", node);
	holder->pid = h->pid;
	read_name(h, holder);
}

/* Some links of the process at hand. true: it has no more. */
static bool look_at_files(struct top_holders *h, int *budget)
{
	struct dirent *e;

	while ((e = readdir(h->files))) {
		char target[64];
		ssize_t n = readlinkat(dirfd(h->files), e->d_name, target, sizeof(target) - 1);

		if (n > (ssize_t)strlen(VFIO) && !memcmp(target, VFIO, strlen(VFIO))) {
			target[n] = '\0';
			if (strcmp(target, VFIO "vfio"))
				add(h, target + strlen(VFIO));
		}
		if (!--*budget)
			return false;
	}
	return true;
}

static bool is_number(const char *text)
{
	return text[0] && !text[strspn(text, "0123456789")];
}

/* The next process whose files we may see. false: that was the last. */
static bool next_process(struct top_holders *h, int *budget)
{
	struct dirent *e;
	char path[128];

	while ((*budget)-- > 0 && (e = readdir(h->processes))) {
		if (!is_number(e->d_name))
			continue;
		h->pid = atoi(e->d_name);
		snprintf(path, sizeof(path), "%s/%d/fd", h->proc, h->pid);
		h->files = opendir(path);
		if (h->files)
			return true;
	}
	return *budget < 0; /* to be continued */
}

static int by_node(const void *a, const void *b)
{
	return strcmp(((const struct top_holder *)a)->node, ((const struct top_holder *)b)->node);
}

static void end_round(struct top_holders *h)
{
	struct table t = h->known;

	close_dir(&h->processes);
	if (h->found.count)
		qsort(h->found.list, h->found.count, sizeof(*t.list), by_node);
	h->known = h->found;
	h->found = t;
	h->found.count = 0;
}

bool top_holders_step(struct top_holders *h)
{
	int links = LINKS_A_STEP, processes = PROCESSES_A_STEP;

	if (!h->processes)
		h->processes = opendir(h->proc);
	if (!h->processes)
		return false;
	while (links > 0 && processes > 0) {
		if (!h->files && !next_process(h, &processes)) {
			end_round(h);
			return true;
		}
		if (h->files && look_at_files(h, &links))
			close_dir(&h->files);
	}
	return false;
}

const struct top_holder *top_holders_find(const struct top_holders *h, const char *node)
{
	struct top_holder key;

	if (!h->known.count)
		return NULL;
	snprintf(key.node, sizeof(key.node), "%s", node);
	return bsearch(&key, h->known.list, h->known.count, sizeof(key), by_node);
}
