// SPDX-License-Identifier: GPL-2.0
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "tools/ccwtop/exporter/sandbox.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* What waiting, answering and reading take, and what the C library does besides. */
static const int plain[] = {
	SCMP_SYS(accept4), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	 SCMP_SYS(brk), SCMP_SYS(clock_getres), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(close), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_wait), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(fcntl), SCMP_SYS(fstat), SCMP_SYS(futex),
	SCMP_SYS(getdents64), SCMP_SYS(getpeername), SCMP_SYS(getpid), SCMP_SYS(getrandom),
	SCMP_SYS(getrlimit), SCMP_SYS(getsockname), SCMP_SYS(getsockopt), SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday), SCMP_SYS(lseek), SCMP_SYS(madvise), SCMP_SYS(mremap),
	SCMP_SYS(munmap), SCMP_SYS(nanosleep), SCMP_SYS(newfstatat), SCMP_SYS(poll),
	SCMP_SYS(ppoll), SCMP_SYS(pread64), SCMP_SYS(read), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(recv), SCMP_SYS(recvfrom), SCMP_SYS(restart_syscall),
	SCMP_SYS(rseq), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(send), SCMP_SYS(sendmsg), SCMP_SYS(sendto),
	SCMP_SYS(setsockopt), SCMP_SYS(shutdown), SCMP_SYS(sigreturn), SCMP_SYS(stat),
	SCMP_SYS(statx), SCMP_SYS(sysinfo), SCMP_SYS(write), SCMP_SYS(writev),
};

/* What a tracing instance takes on its way out. */
static const int tracing[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(rmdir), SCMP_SYS(splice), SCMP_SYS(tee),
	SCMP_SYS(unlinkat),
};

static const int bpf_commands[] = {
	BPF_MAP_LOOKUP_ELEM, BPF_MAP_GET_NEXT_KEY, BPF_MAP_LOOKUP_BATCH,
};

static int allow(scmp_filter_ctx f, const int *calls, size_t n)
{
	int rc = 0;
	size_t i;

	/* A call that this machine has not by that name has another number: nothing to allow. */
	for (i = 0; i < n && !rc; i++)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0);
	return rc;
}

/* Files for reading; no memory that can be run; of bpf() what reads a map that is open. */
static int allow_with_care(scmp_filter_ctx f)
{
	const int write = O_ACCMODE | O_CREAT | O_TRUNC;
	int rc;
	size_t i;

	rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
			      SCMP_A2(SCMP_CMP_MASKED_EQ, write, O_RDONLY));
	if (!rc)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
				      SCMP_A1(SCMP_CMP_MASKED_EQ, write, O_RDONLY));
	if (!rc)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				      SCMP_A2(SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0));
	if (!rc)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				      SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 0));
	if (!rc) /* reading its own limits alone */
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
				      SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A2(SCMP_CMP_EQ, 0));
	if (!rc) /* to die of the signal that asked for it, see main() */
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				      SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	for (i = 0; i < COUNT(bpf_commands) && !rc; i++)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(bpf), 1,
				      SCMP_A0(SCMP_CMP_EQ, bpf_commands[i]));
	return rc;
}

static int filter_calls(bool tracefs)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = f ? 0 : -ENOMEM;

	if (!rc)
		rc = allow(f, plain, COUNT(plain));
	if (!rc)
		rc = allow_with_care(f);
	if (!rc && tracefs)
		rc = allow(f, tracing, COUNT(tracing));
	if (!rc)
		rc = seccomp_load(f);
	seccomp_release(f);
	return rc;
}

/* Who may not empty the bounding set has no_new_privs, which makes it worth nothing. */
static int drop_capabilities(void)
{
	bool bounding;

	if (capng_get_caps_process())
		return -EPERM;
	bounding = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	capng_clear(CAPNG_SELECT_ALL);
	if (bounding && capng_apply(CAPNG_SELECT_BOUNDS))
		return -EPERM;
	return capng_apply(CAPNG_SELECT_CAPS) || capng_apply(CAPNG_SELECT_AMBIENT) ? -EPERM : 0;
}

int exp_sandbox(bool tracefs, struct ccw_error *err)
{
	int rc;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		rc = -errno;
	} else {
		rc = drop_capabilities();
		rc = rc ? rc : filter_calls(tracefs);
	}
	if (rc)
		snprintf(err->text, sizeof(err->text),
			 "cannot give up rights: %s (--no-sandbox serves with those there are)",
			 strerror(-rc));
	return rc;
}
