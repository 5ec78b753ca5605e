// SPDX-License-Identifier: GPL-2.0
/*
 * Subchannels that have rows. Reading all of sysfs costs more than all the rest of a refresh where
 * they are many: everything is read once, then what the kernel says has changed, and in turn some
 * of the others, should something have changed in silence.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tools/ccwtop/holder.h"
#include "tools/ccwtop/sysfs_device.h"
#include "trace/ccw_names.h"

/* Read anew at each scan, in turn; fewer than that are read each time. */
#define DEVICES_A_SCAN 32
#define STATES_A_SCAN 256
#define LIST_SECONDS 10 /* which are bound, even if the kernel has not said anything */
#define FIRST_SLOTS 64
#define FREE UINT32_MAX

struct top_sysfs {
	char *sys, *run;
	char states[200]; /* the driver's directory in debugfs */
	int states_fd; /* of it, or -1 */
	int uevents; /* or -1 */
	time_t listed; /* 0: never */
	int list_rc; /* of the last time */
	struct top_device *dev;
	size_t count, room;
	uint32_t *slots; /* indices into dev by hash of the key; at most half are taken */
	size_t nr_slots; /* a power of two */
	size_t next_device, next_state;
	struct top_holders *holders;
};

/* The kernel's own messages. Without the socket, changes are seen some seconds later. */
static int open_uevents(const char *sys)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd, room = 1 << 20;

	if (strcmp(sys, "/sys"))
		return -1;
	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (!bind(fd, (const struct sockaddr *)&kernel, sizeof(kernel)))
		return fd;
	close(fd);
	return -1;
}

struct top_sysfs *top_sysfs_new(const char *sys, const char *run)
{
	struct top_sysfs *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->states_fd = -1;
	s->uevents = open_uevents(sys);
	s->sys = strdup(sys);
	s->run = strdup(run);
	s->holders = top_holders_new("/proc");
	if (!s->sys || !s->run || !s->holders) {
		top_sysfs_free(s);
		return NULL;
	}
	snprintf(s->states, sizeof(s->states), "%s/kernel/debug/vfio_ccw", sys);
	return s;
}

void top_sysfs_free(struct top_sysfs *s)
{
	size_t i;

	if (!s)
		return;
	if (s->states_fd >= 0)
		close(s->states_fd);
	if (s->uevents >= 0)
		close(s->uevents);
	for (i = 0; i < s->count; i++)
		free(s->dev[i].cmf);
	top_holders_free(s->holders);
	free(s->slots);
	free(s->sys);
	free(s->run);
	free(s->dev);
	free(s);
}

void top_sysfs_keep_states(struct top_sysfs *s)
{
	int fd = open(s->states, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (s->states_fd >= 0)
		close(s->states_fd);
	s->states_fd = fd;
	snprintf(s->states, sizeof(s->states), "/proc/self/fd/%d", fd);
}

static size_t slot_of(const struct top_sysfs *s, uint32_t key)
{
	size_t i = key * 0x9e3779b1U & (s->nr_slots - 1);

	while (s->slots[i] != FREE && ccw_sch_key(s->dev[s->slots[i]].sch) != key)
		i = (i + 1) & (s->nr_slots - 1);
	return i;
}

static struct top_device *find(const struct top_sysfs *s, struct ccw_sch sch)
{
	uint32_t at = s->nr_slots ? s->slots[slot_of(s, ccw_sch_key(sch))] : FREE;

	return at == FREE ? NULL : &s->dev[at];
}

static bool more_slots(struct top_sysfs *s)
{
	size_t nr = s->nr_slots ? 2 * s->nr_slots : FIRST_SLOTS, i;
	uint32_t *slots = malloc(nr * sizeof(*slots));

	if (!slots)
		return false;
	free(s->slots);
	s->slots = slots;
	s->nr_slots = nr;
	memset(slots, 0xff, nr * sizeof(*slots));
	for (i = 0; i < s->count; i++)
		slots[slot_of(s, ccw_sch_key(s->dev[i].sch))] = i;
	return true;
}

/* NULL: no memory. A new one is read at once. */
static struct top_device *get(struct top_sysfs *s, struct ccw_sch sch)
{
	struct top_device *d = find(s, sch);

	if (d)
		return d;
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 16;

		d = realloc(s->dev, room * sizeof(*d));
		if (!d)
			return NULL;
		s->dev = d;
		s->room = room;
	}
	if (2 * (s->count + 1) > s->nr_slots && !more_slots(s))
		return NULL;
	d = &s->dev[s->count];
	memset(d, 0, sizeof(*d));
	d->sch = sch;
	s->slots[slot_of(s, ccw_sch_key(sch))] = s->count++;
	top_device_read(d, s->sys, s->run);
	return d;
}

/* Which are bound; only those of which that is news are read. */
static int list(struct top_sysfs *s)
{
	char path[512];
	struct dirent *e;
	int rc = 0;
	size_t i;
	DIR *dir;

	for (i = 0; i < s->count; i++) {
		s->dev[i].was_bound = s->dev[i].bound;
		s->dev[i].bound = false;
	}
	snprintf(path, sizeof(path), "%s/bus/css/drivers/vfio_ccw", s->sys);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (!rc && (e = readdir(dir))) {
		struct top_device *d;
		struct ccw_sch sch;

		if (ccw_sch_parse(e->d_name, &sch))
			continue;
		d = get(s, sch);
		if (d)
			d->bound = true;
		else
			rc = -ENOMEM;
	}
	closedir(dir);
	for (i = 0; i < s->count; i++) {
		if (s->dev[i].bound != s->dev[i].was_bound)
			top_device_read(&s->dev[i], s->sys, s->run);
	}
	return rc;
}

/* "add@/devices/css0/0.0.0003/UUID": is it about a subchannel? */
static bool is_about(const char *event, struct ccw_sch *sch)
{
	const char *css = strstr(event, "@/devices/css"), *name;
	char text[16];
	size_t len;

	name = css ? strchr(css + strlen("@/devices/css"), '/') : NULL;
	len = name ? strcspn(++name, "/") : 0;
	if (!len || len >= sizeof(text))
		return false;
	memcpy(text, name, len);
	text[len] = '\0';
	return !ccw_sch_parse(text, sch);
}

/* Reads what changed. true: which are bound has to be looked up as well. */
static bool take_uevents(struct top_sysfs *s)
{
	bool again = false;
	char event[8192];
	ssize_t n;

	while (s->uevents >= 0) {
		struct top_device *d;
		struct ccw_sch sch;

		n = recv(s->uevents, event, sizeof(event) - 1, 0);
		if (n < 0)
			return errno == ENOBUFS || again;
		event[n] = '\0';
		if (!is_about(event, &sch))
			continue;
		again = true;
		d = find(s, sch);
		if (d)
			top_device_read(d, s->sys, s->run);
	}
	return again;
}

static void some_devices(struct top_sysfs *s)
{
	size_t i, n = s->count < DEVICES_A_SCAN ? s->count : DEVICES_A_SCAN;

	for (i = 0; i < n; i++) {
		s->next_device = (s->next_device + 1) % s->count;
		top_device_read(&s->dev[s->next_device], s->sys, s->run);
	}
	n = s->count < STATES_A_SCAN ? s->count : STATES_A_SCAN;
	for (i = 0; i < n; i++) {
		s->next_state = (s->next_state + 1) % s->count;
		if (s->dev[s->next_state].bound)
			top_device_read_state(&s->dev[s->next_state], s->states);
		else
			s->dev[s->next_state].state[0] = '\0';
	}
}

static void name_holders(struct top_sysfs *s)
{
	size_t i;

	if (!top_holders_step(s->holders))
		return;
	for (i = 0; i < s->count; i++) {
		struct top_device *d = &s->dev[i];
		const struct top_holder *h = d->node[0] ? top_holders_find(s->holders, d->node)
							: NULL;

		d->pid = h ? h->pid : 0;
		snprintf(d->vm, sizeof(d->vm), "%s", h ? h->name : "");
	}
}

int top_sysfs_scan(struct top_sysfs *s)
{
	bool again = take_uevents(s);
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (again || !s->listed || now.tv_sec - s->listed >= LIST_SECONDS || s->uevents < 0) {
		s->list_rc = list(s);
		s->listed = now.tv_sec ? now.tv_sec : 1;
	}
	if (s->list_rc == -ENOMEM)
		return s->list_rc;
	some_devices(s);
	name_holders(s);
	return s->list_rc;
}

int top_sysfs_add(struct top_sysfs *s, struct ccw_sch sch)
{
	return get(s, sch) ? 0 : -ENOMEM;
}

size_t top_sysfs_count(const struct top_sysfs *s)
{
	return s->count;
}

const struct top_device *top_sysfs_at(const struct top_sysfs *s, size_t i)
{
	return i < s->count ? &s->dev[i] : NULL;
}

const struct top_device *top_sysfs_find(const struct top_sysfs *s, struct ccw_sch sch)
{
	return find(s, sch);
}
