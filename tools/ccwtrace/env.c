// SPDX-License-Identifier: GPL-2.0
/*
 * One function looks at one thing and adds one line. Whatever is read comes from sysfs, procfs and
 * tracefs, and from what this process is allowed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "tools/ccwtrace/env.h"
#include "trace/ccw_names.h"

/* capabilities(7); their header is the kernel's, not libc's */
#define CAP_SYS_ADMIN 21
#define CAP_PERFMON 38
#define CAP_BPF 39

struct look {
	struct env *env;
	const char *root;
	bool s390x, css; /* an s390x; one with subchannels */
};

static struct env_line *add(struct look *l, const char *name, enum env_verdict verdict,
			    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static struct env_line *add(struct look *l, const char *name, enum env_verdict verdict,
			    const char *fmt, ...)
{
	static struct env_line none; /* more lines than there is room for: a bug, not an overflow */
	struct env_line *line = l->env->nr < ENV_MAX ? &l->env->lines[l->env->nr++] : &none;
	va_list ap;

	line->name = name;
	line->verdict = verdict;
	va_start(ap, fmt);
	vsnprintf(line->value, sizeof(line->value), fmt, ap);
	va_end(ap);
	line->advice[0] = '\0';
	return line;
}

static void advise(struct env_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void advise(struct env_line *line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line->advice, sizeof(line->advice), fmt, ap);
	va_end(ap);
}

static void path_of(const struct look *l, char *path, const char *name)
{
	snprintf(path, PATH_MAX, "%s%s", l->root, name);
}

static bool may(const struct look *l, const char *name, int mode)
{
	char path[PATH_MAX];

	path_of(l, path, name);
	return !access(path, mode);
}

static bool exists(const struct look *l, const char *name)
{
	return may(l, name, F_OK);
}

/* The first line of a file, without its end; false: it cannot be read. */
static bool read_line(const struct look *l, const char *name, char *buf, size_t size)
{
	char path[PATH_MAX];
	bool got;
	FILE *f;

	path_of(l, path, name);
	f = fopen(path, "re");
	if (!f)
		return false;
	got = fgets(buf, size, f);
	fclose(f);
	if (got)
		buf[strcspn(buf, "\n")] = '\0';
	return got;
}

/* How many entries of a directory match; 0 if there is no such directory. */
static unsigned int count(const struct look *l, const char *name, const char *pattern)
{
	char path[PATH_MAX];
	unsigned int nr = 0;
	struct dirent *e;
	DIR *dir;

	path_of(l, path, name);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((e = readdir(dir)))
		nr += !fnmatch(pattern, e->d_name, 0);
	closedir(dir);
	return nr;
}

static void look_kernel(struct look *l)
{
	struct env_line *line;
	struct utsname u;

	if (uname(&u)) {
		add(l, "kernel", ENV_BAD, "uname: %s", strerror(errno));
		return;
	}
	l->s390x = !strncmp(u.machine, "s390", 4);
	line = add(l, "kernel", l->s390x ? ENV_GOOD : ENV_NOTE, "%.64s %.32s", u.release,
		   u.machine);
	if (!l->s390x)
		advise(line, "no IBM Z: recordings made on one can be looked at here");
}

static void look_css(struct look *l)
{
	unsigned int nr = count(l, "/sys/bus/css/devices", "[0-9]*.[0-9]*.*");
	struct env_line *line;

	l->css = exists(l, "/sys/bus/css");
	line = add(l, "subchannels", nr ? ENV_GOOD : ENV_BAD, "%u", nr);
	if (!nr)
		advise(line,
		       "no channel device that this machine may see: look at cio_ignore, and at "
		       "the configuration of its LPAR or virtual machine");
}

static void look_driver(struct look *l)
{
	struct env_line *line;

	if (!exists(l, "/sys/module/vfio_ccw")) {
		line = add(l, "driver", ENV_BAD, "vfio_ccw is not loaded");
		advise(line, "modprobe vfio_ccw; if there is none: apt-get install vfio-ccw-dkms. "
			     "Without it ccwtop and ccwtrace see device times of every subchannel");
		return;
	}
	if (exists(l, "/sys/module/vfio_ccw/parameters/keep_pins")) {
		add(l, "driver", ENV_GOOD, "vfio_ccw of this project");
		return;
	}
	line = add(l, "driver", ENV_NOTE, "vfio_ccw of the kernel");
	advise(line, "it says little of an I/O: rmmod vfio_ccw and load this project's "
		     "(apt-get install vfio-ccw-dkms)");
}

static void look_bound(struct look *l)
{
	unsigned int bound = count(l, "/sys/bus/css/drivers/vfio_ccw", "[0-9]*.[0-9]*.*");
	unsigned int mdevs = count(l, "/sys/bus/mdev/devices", "*-*-*-*-*");
	struct env_line *line;

	if (!exists(l, "/sys/bus/css/drivers/vfio_ccw"))
		return;
	line = add(l, "passed through", bound && mdevs ? ENV_GOOD : ENV_NOTE,
		   "%u subchannel%s bound to vfio_ccw, %u mdev%s", bound, bound == 1 ? "" : "s",
		   mdevs, mdevs == 1 ? "" : "s");
	if (!bound)
		advise(line, "bind one: see docs/passthrough.md, or the README");
	else if (!mdevs)
		advise(line, "a virtual machine needs an mdev: mdevctl start, or write a UUID to "
			     "mdev_supported_types/vfio_ccw-io/create of the subchannel");
}

static void look_vfio(struct look *l)
{
	struct env_line *line;
	char param[32];

	if (exists(l, "/sys/bus/mdev")) {
		add(l, "mdev", ENV_GOOD, "there");
	} else {
		line = add(l, "mdev", ENV_BAD, "not there");
		advise(line, "modprobe mdev (vfio-ccw-dkms has it where the kernel has none)");
	}
	if (exists(l, "/sys/module/vfio_iommu_type1")) {
		line = add(l, "vfio", ENV_GOOD, "type 1 container");
		if (read_line(l, "/sys/module/vfio_iommu_type1/parameters/dma_entry_limit", param,
			      sizeof(param)))
			advise(line, "at most %s mappings a container", param);
	} else if (exists(l, "/dev/iommu")) {
		add(l, "vfio", ENV_GOOD, "iommufd");
	} else {
		line = add(l, "vfio", ENV_BAD, "neither vfio_iommu_type1 nor iommufd");
		advise(line, "modprobe vfio_iommu_type1");
	}
}

static void look_btf(struct look *l)
{
	struct env_line *line;

	if (may(l, "/sys/kernel/btf/vmlinux", R_OK)) {
		add(l, "BTF", ENV_GOOD, "/sys/kernel/btf/vmlinux");
		return;
	}
	line = add(l, "BTF", ENV_BAD, "the kernel has no type information");
	advise(line, "ccwtop --source tracefs works without (CONFIG_DEBUG_INFO_BTF)");
}

static void look_tracefs(struct look *l)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	char instances[64];
	struct env_line *line;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		snprintf(instances, sizeof(instances), "%s/instances", places[i]);
		if (may(l, instances, W_OK | X_OK)) {
			add(l, "tracefs", ENV_GOOD, "%s", places[i]);
			return;
		}
		if (exists(l, instances) || errno == EACCES)
			break;
	}
	line = add(l, "tracefs", ENV_BAD, i < 2 ? "no rights" : "not mounted");
	if (i < 2)
		advise(line, "be root, or: mount -o remount,gid=GROUP,mode=770 "
			     "/sys/kernel/tracing");
	else
		advise(line, "mount -t tracefs tracefs /sys/kernel/tracing");
}

/* Of this process, from /proc/self/status (proc_pid_status(5)). */
static uint64_t capabilities(const struct look *l)
{
	char path[PATH_MAX], text[256];
	uint64_t caps = 0;
	FILE *f;

	path_of(l, path, "/proc/self/status");
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(text, sizeof(text), f))
		if (sscanf(text, "CapEff: %" SCNx64, &caps) == 1)
			break;
	fclose(f);
	return caps;
}

static bool has(uint64_t caps, int cap)
{
	return caps >> cap & 1;
}

static void look_bpf(struct look *l)
{
	uint64_t caps = capabilities(l);
	bool bpf = has(caps, CAP_BPF) || has(caps, CAP_SYS_ADMIN);
	bool perfmon = has(caps, CAP_PERFMON) || has(caps, CAP_SYS_ADMIN);
	struct env_line *line;
	char jit[16];

	line = add(l, "rights", bpf && perfmon ? ENV_GOOD : ENV_BAD, "user %u%s%s", geteuid(),
		   bpf ? ", CAP_BPF" : "", perfmon ? ", CAP_PERFMON" : "");
	if (!bpf || !perfmon)
		advise(line, "ccwtop --source bpf takes root, or CAP_BPF and CAP_PERFMON");

	if (!exists(l, "/proc/sys/kernel/unprivileged_bpf_disabled")) {
		line = add(l, "BPF", ENV_BAD, "the kernel has no bpf()");
		advise(line, "ccwtop --source tracefs works without (CONFIG_BPF_SYSCALL)");
	} else if (read_line(l, "/proc/sys/net/core/bpf_jit_enable", jit, sizeof(jit)) &&
		   strcmp(jit, "0")) {
		add(l, "BPF", ENV_GOOD, "with JIT");
	} else {
		line = add(l, "BPF", ENV_GOOD, "without JIT");
		advise(line, "works; an I/O costs more (docs/performance.md)");
	}
}

/* The device's own times are measured where somebody asked for it, device by device. */
static void look_cmf(struct look *l)
{
	char path[PATH_MAX], text[8];
	unsigned int devices = 0, on = 0;
	struct env_line *line;
	struct dirent *e;
	DIR *dir;

	path_of(l, path, "/sys/bus/ccw/devices");
	dir = opendir(path);
	if (!dir)
		return;
	while ((e = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/bus/ccw/devices/%s/cmb_enable", e->d_name);
		if (e->d_name[0] == '.' || !read_line(l, path, text, sizeof(text)))
			continue;
		devices++;
		on += text[0] == '1';
	}
	closedir(dir);
	line = add(l, "CMF", ENV_GOOD, "on for %u of %u devices", on, devices);
	if (!on)
		advise(line, "channel measurement is optional: echo 1 > "
			     "/sys/bus/ccw/devices/0.0.XXXX/cmb_enable");
}

/* VMMs that are no root lock the pages of the requests in flight, and vfio what is mapped. */
static void look_memlock(struct look *l)
{
	char text[24] = "no limit";
	struct env_line *line;
	struct rlimit r;

	if (getrlimit(RLIMIT_MEMLOCK, &r)) {
		add(l, "locked memory", ENV_BAD, "%s", strerror(errno));
		return;
	}
	if (r.rlim_cur != RLIM_INFINITY)
		ccw_bytes_str(r.rlim_cur, text, sizeof(text));
	line = add(l, "locked memory", r.rlim_cur >= 64 << 20 ? ENV_GOOD : ENV_NOTE, "%s", text);
	if (line->verdict != ENV_GOOD)
		advise(line, "a VMM that is not root gets ENOMEM beyond: raise it for its user "
			     "(limits.conf, LimitMEMLOCK=)");
}

void env_gather(struct env *env, const char *root)
{
	struct look l = { .env = env, .root = root };

	env->nr = 0;
	look_kernel(&l);
	if (!l.s390x && !exists(&l, "/sys/bus/css"))
		return; /* nothing else matters where recordings are only read */
	look_css(&l);
	look_driver(&l);
	look_vfio(&l);
	look_bound(&l);
	look_tracefs(&l);
	look_btf(&l);
	look_bpf(&l);
	look_cmf(&l);
	look_memlock(&l);
}

bool env_good(const struct env *env)
{
	unsigned int i;

	for (i = 0; i < env->nr; i++)
		if (env->lines[i].verdict == ENV_BAD)
			return false;
	return true;
}

const char *env_verdict_str(enum env_verdict verdict)
{
	static const char *const names[] = { "good", "note", "bad" };

	return names[verdict];
}
