// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/bytes.h"
#include "trace/instance.h"
#include "trace/text.h"

#define NAME_PREFIX "ccw-"

/*
 * When a process was started, in ticks since the boot: with its number that names one process and
 * no later one. -ESRCH: there is none. (proc_pid_stat(5), field 22)
 */
static int start_of(int pid, unsigned long long *start)
{
	char path[32], text[1024], *p;
	ssize_t n;
	int fd, i;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return kill(pid, 0) && errno == ESRCH ? -ESRCH : -ENOENT;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return -ESRCH;
	text[n] = 0;
	p = strrchr(text, ')'); /* the name before it may hold anything */
	for (i = 2; p && i < 22; i++)
		p = strchr(p + 1, ' ');
	return p && sscanf(p, " %llu", start) == 1 ? 0 : -EINVAL;
}

/*
 * An instance outlives the process that made it if that was killed. Its name tells the process.
 * The kernel refuses to remove one whose files are open, as those of a process that cannot be seen
 * from here are: so nothing is turned off before.
 */
static void remove_stale(const char *tracing)
{
	char path[512];
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/instances", tracing);
	dir = opendir(path);
	if (!dir)
		return;
	while ((e = readdir(dir))) {
		unsigned long long start, now;
		int pid, end = 0, rc;

		if (sscanf(e->d_name, NAME_PREFIX "%d-%llu-%*u%n", &pid, &start, &end) != 2 ||
		    !end || e->d_name[end] || pid <= 0)
			continue;
		rc = start_of(pid, &now);
		if (rc == -ESRCH || (!rc && now != start))
			unlinkat(dirfd(dir), e->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
}

static int no_instance(const char *tracing, int error, struct ccw_error *err)
{
	if (error == EACCES || error == EPERM)
		return ccw_fail(err, -EACCES,
				"cannot trace: no right to write to %s (run as root, or join the "
				"group that owns it)",
				tracing);
	if (error == ENOENT)
		return ccw_fail(
			err, -ENOENT,
			"cannot trace: %s has no instances (kernel without CONFIG_TRACING, or "
			"tracefs not mounted: mount -t tracefs nodev /sys/kernel/tracing)",
			tracing);
	return ccw_fail(err, -error, "cannot create a tracing instance in %s/instances: %s",
			tracing, strerror(error));
}

int ccw_instance_create(struct tracefs_instance **inst, struct ccw_error *err)
{
	static unsigned int count;
	const char *tracing = tracefs_tracing_dir();
	unsigned long long start = 0;
	char name[64];

	if (!tracing) {
		if (geteuid())
			return ccw_fail(err, -EACCES,
					"cannot trace: no tracefs to be seen (run as root)");
		return ccw_fail(err, -ENOENT,
				"cannot trace: tracefs is not mounted (mount -t tracefs nodev "
				"/sys/kernel/tracing)");
	}
	if (access(tracing, R_OK | X_OK))
		return no_instance(tracing, errno, err);
	remove_stale(tracing);
	start_of(getpid(), &start);
	snprintf(name, sizeof(name), NAME_PREFIX "%d-%llu-%u", getpid(), start, count++);
	errno = 0;
	*inst = tracefs_instance_create(name);
	if (*inst && !tracefs_instance_is_new(*inst)) {
		/* Left by an earlier process with our number, set up who knows how. */
		ccw_instance_destroy(*inst);
		*inst = tracefs_instance_create(name);
	}
	if (!*inst)
		return no_instance(tracing, errno ? errno : EIO, err);
	if (tracefs_instance_file_write(*inst, "trace_clock", "mono") < 0) {
		int rc = ccw_fail(
			err, -EIO,
			"cannot trace: the kernel refuses the clock 'mono' for %s/instances/%s",
			tracing, name);

		ccw_instance_destroy(*inst);
		*inst = NULL;
		return rc;
	}
	return 0;
}

void ccw_instance_destroy(struct tracefs_instance *inst)
{
	if (!inst)
		return;
	tracefs_event_disable(inst, NULL, NULL);
	tracefs_instance_destroy(inst);
	tracefs_instance_free(inst);
}

enum ccw_driver ccw_instance_driver(void)
{
	if (tracefs_event_file_exists(NULL, CCW_TRACE_SYSTEM, "vfio_ccw_io", "format"))
		return CCW_DRIVER_OURS;
	return tracefs_dir_exists(NULL, "events/" CCW_TRACE_SYSTEM) ? CCW_DRIVER_OTHER
								    : CCW_DRIVER_NONE;
}

int ccw_instance_check_driver(struct ccw_error *err)
{
	enum ccw_driver driver = ccw_instance_driver();

	if (driver == CCW_DRIVER_OURS)
		return 0;
	if (driver == CCW_DRIVER_OTHER)
		return ccw_fail(
			err, -ENODEV,
			"the loaded vfio_ccw has no event vfio_ccw_io: it is the kernel's own "
			"driver (rmmod vfio_ccw, then insmod this project's vfio_ccw.ko)");
	return ccw_fail(err, -ENODEV,
			"the driver vfio_ccw is not loaded: load vfio_ccw (modprobe vfio_ccw, or "
			"insmod vfio_ccw.ko)");
}

int ccw_instance_enable(struct tracefs_instance *inst, const char *system, const char *event,
			const char *filter, struct ccw_error *err)
{
	if (filter && tracefs_event_file_write(inst, system, event, "filter", filter) < 0)
		return ccw_fail(err, -EINVAL, "the kernel refuses the filter for event %s:%s: %s",
				system, event, filter);
	if (tracefs_event_enable(inst, system, event))
		return ccw_fail(err, errno ? -errno : -EIO, "cannot enable event %s:%s: %s", system,
				event, strerror(errno ? errno : EIO));
	return 0;
}

static int add_format(struct ccw_decoder *d, const char *event, int long_size,
		      struct ccw_error *err)
{
	int len, rc;
	char *text = tracefs_event_file_read(NULL, CCW_TRACE_SYSTEM, event, "format", &len);

	if (!text)
		return ccw_fail(err, -ENODEV, "cannot read the format of event %s: %s", event,
				strerror(errno));
	rc = ccw_decoder_add(d, CCW_TRACE_SYSTEM, text, len, long_size, err);
	free(text);
	return rc;
}

int ccw_instance_formats(struct ccw_page_format *fmt, struct ccw_decoder *d, struct ccw_error *err)
{
	int len, rc;
	char *text = tracefs_instance_file_read(NULL, "events/header_page", &len);

	if (!text)
		return ccw_fail(err, -EIO, "cannot read events/header_page in tracefs: %s",
				strerror(errno));
	rc = ccw_page_format_parse(fmt, text, len, 0, ccw_host_big_endian());
	free(text);
	if (rc)
		return ccw_fail(err, rc,
				"events/header_page in tracefs says something this tool does not "
				"understand");
	ccw_decoder_init(d, ccw_host_big_endian());
	rc = add_format(d, "vfio_ccw_io", fmt->commit_size, err);
	return rc ? rc : add_format(d, "vfio_ccw_fsm", fmt->commit_size, err);
}

int ccw_instance_open_cpus(struct tracefs_instance *inst, struct ccw_instance_cpu **cpus,
			   unsigned int *nr, struct ccw_error *err)
{
	long cpu, possible = sysconf(_SC_NPROCESSORS_CONF);
	char file[64];

	*nr = 0;
	if (possible < 1)
		possible = 1;
	*cpus = calloc(possible, sizeof(**cpus));
	if (!*cpus)
		return ccw_fail(err, -ENOMEM, "out of memory");
	for (cpu = 0; cpu < possible; cpu++) {
		struct ccw_instance_cpu *c = *cpus + *nr;

		snprintf(file, sizeof(file), "per_cpu/cpu%ld/trace_pipe_raw", cpu);
		c->fd = tracefs_instance_file_open(inst, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (c->fd < 0) {
			if (errno == ENOENT || errno == ENODEV)
				continue;
			return ccw_fail(err, -errno, "cannot open %s in tracefs: %s", file,
					strerror(errno));
		}
		c->cpu = cpu;
		(*nr)++;
	}
	if (!*nr)
		return ccw_fail(err, -ENODEV, "the tracing instance has no CPU to read from");
	return 0;
}

/*
 * A CPU that was never online has no buffer, and poll says error for it at once and always: it is
 * left out from then on. Reading it goes on, and says when it has come.
 */
int ccw_instance_wait(struct ccw_instance_cpu *cpus, unsigned int nr, int timeout_ms)
{
	struct pollfd *fds = calloc(nr, sizeof(*fds));
	bool again;
	unsigned int i;
	int n;

	if (!fds)
		return -ENOMEM;
	do {
		for (i = 0; i < nr; i++) {
			fds[i].fd = cpus[i].absent ? -1 : cpus[i].fd;
			fds[i].events = POLLIN;
		}
		n = poll(fds, nr, timeout_ms);
		again = false;
		for (i = 0; n > 0 && i < nr; i++) {
			if (fds[i].revents & POLLIN || !fds[i].revents)
				continue;
			cpus[i].absent = again = true;
			n--;
		}
	} while (again && !n);
	free(fds);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	return n > 0;
}
