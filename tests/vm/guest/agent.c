// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's end of tests/vm/run: runs a command and sends what it prints, the
 * files it left in /out and its exit status to the host, without loss. Lines that
 * are written to /run/host meanwhile go to the emulator's monitor (tests/vm/run --host).
 *
 *   vm-agent [-t] CHANNEL COMMAND [ARGUMENT]...      -t: the command keeps this terminal
 *
 * CHANNEL is a virtio-serial port (qemu) or a disk that nobody else uses
 * (hercules, where the host reads the disk's image). Both get the same frames,
 * whole 512-byte blocks each, so that a disk can be written with O_DIRECT:
 *
 *   offset 0  "vmch"
 *          4  type: 'o' output, 'h' lines for the emulator's monitor, 'f' piece of a tar archive of
 *             /out, 's' exit status (last frame)
 *          8  number of the frame, from 0
 *         12  bytes of data
 *         16  sum of the data's bytes, modulo 2^32
 *         20  data
 *
 * Numbers are big endian. On a port the host answers the last frame with one byte.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK		512
#define HEADER		20
#define FRAME		(64 * 1024)
#define PAYLOAD		(FRAME - HEADER)
#define HOST_FIFO	"/run/host"
#define ANSWER_MS	60000

struct channel {
	int fd;
	bool port; /* not a disk: the host answers the last frame */
	uint32_t seq;
	uint8_t *frame;
};

static void fail(const char *what)
{
	fprintf(stderr, "vm-agent: %s: %s\n", what, strerror(errno));
	exit(126);
}

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

static void channel_open(struct channel *ch, const char *path)
{
	struct stat st;
	int flags = O_RDWR | O_CLOEXEC;

	if (stat(path, &st))
		fail(path);
	/* Past the page cache: what is written is on the host's side when write returns. */
	if (S_ISBLK(st.st_mode))
		flags |= O_DIRECT;
	ch->port = !S_ISBLK(st.st_mode);
	ch->fd = open(path, flags);
	if (ch->fd < 0)
		fail(path);
	ch->seq = 0;
	if (posix_memalign((void **)&ch->frame, 4096, FRAME)) {
		errno = ENOMEM;
		fail("frame buffer");
	}
}

/* Send the @len bytes that lie at ch->frame + HEADER; @len is at most PAYLOAD. */
static void channel_send(struct channel *ch, char type, size_t len)
{
	size_t size = (HEADER + len + BLOCK - 1) / BLOCK * BLOCK, done = 0;
	uint32_t sum = 0;

	memset(ch->frame + HEADER + len, 0, size - HEADER - len);
	for (size_t i = 0; i < len; i++)
		sum += ch->frame[HEADER + i];
	memcpy(ch->frame, "vmch", 4);
	put32(ch->frame + 4, (uint32_t)type << 24);
	put32(ch->frame + 8, ch->seq++);
	put32(ch->frame + 12, len);
	put32(ch->frame + 16, sum);

	while (done < size) {
		ssize_t n = write(ch->fd, ch->frame + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fail("writing to the host");
		done += n;
	}
}

/* Send what can be read from @fd now, at most one frame. Returns the length, 0 at the end. */
static ssize_t channel_forward(struct channel *ch, char type, int fd)
{
	ssize_t n = read(fd, ch->frame + HEADER, PAYLOAD);

	if (n > 0)
		channel_send(ch, type, n);
	return n;
}

/* Both ends are ours, so that it never reads as ended when a writer goes. */
static int open_host_fifo(void)
{
	int fd;

	if (mkfifo(HOST_FIFO, 0600) && errno != EEXIST)
		fail(HOST_FIFO);
	fd = open(HOST_FIFO, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		fail(HOST_FIFO);
	return fd;
}

/*
 * A port's write returns when the frame is queued. The machine must not go before the host has all
 * of them, unless it is the host that went.
 */
static void channel_drain(struct channel *ch)
{
	struct pollfd p = { .fd = ch->fd, .events = POLLIN };
	char answer;

	if (ch->port && poll(&p, 1, ANSWER_MS) == 1 && read(ch->fd, &answer, 1) < 0)
		fail("waiting for the host");
}

static pid_t spawn(char *const argv[], int out, int err)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (out >= 0)
			dup2(out, STDOUT_FILENO);
		if (err >= 0)
			dup2(err, STDERR_FILENO);
		execvp(argv[0], argv);
		fprintf(stderr, "vm-agent: cannot run %s: %s\n", argv[0], strerror(errno));
		_exit(errno == ENOENT ? 127 : 126);
	}
	return pid;
}

static int shell_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/*
 * Forward the output of @argv until it has ended. A process that it leaves behind may hold
 * the pipe open for ever: what is in the pipe at the end still counts, nothing later does.
 */
static int run_piped(struct channel *ch, char *const argv[])
{
	int out[2], sigchld, status, host = open_host_fifo();
	sigset_t set;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigchld = signalfd(-1, &set, SFD_CLOEXEC);
	if (sigchld < 0 || pipe2(out, O_CLOEXEC))
		fail("pipe");
	pid = spawn(argv, out[1], out[1]);
	close(out[1]);

	for (;;) {
		struct pollfd p[3] = {
			{ .fd = out[0], .events = POLLIN },
			{ .fd = sigchld, .events = POLLIN },
			{ .fd = host, .events = POLLIN },
		};

		if (poll(p, 3, -1) < 0 && errno != EINTR)
			fail("poll");
		if (p[2].revents)
			channel_forward(ch, 'h', host);
		if (p[0].revents) {
			if (channel_forward(ch, 'o', out[0]) <= 0)
				break;
			continue;
		}
		if (p[1].revents) {
			struct signalfd_siginfo info;

			/* Fewer SIGCHLDs than children is normal: ask for ours. */
			if (read(sigchld, &info, sizeof(info)) < 0)
				fail("signalfd");
			if (waitpid(pid, &status, WNOHANG) != pid)
				continue;
			fcntl(out[0], F_SETFL, O_NONBLOCK);
			while (channel_forward(ch, 'o', out[0]) > 0)
				;
			close(out[0]);
			return shell_status(status);
		}
	}
	close(out[0]);
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	return shell_status(status);
}

static int run_on_terminal(char *const argv[])
{
	int status;
	pid_t pid;

	pid = spawn(argv, -1, -1);
	/* Ctrl-C is for the command. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	return shell_status(status);
}

static int send_files(struct channel *ch)
{
	static char *const tar[] = { "tar", "-c", "-C", "/out", ".", NULL };
	int out[2], status;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC))
		fail("pipe");
	pid = spawn(tar, out[1], -1);
	close(out[1]);
	while (channel_forward(ch, 'f', out[0]) > 0)
		;
	close(out[0]);
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	return shell_status(status);
}

int main(int argc, char **argv)
{
	struct channel ch;
	int terminal = argc > 1 && !strcmp(argv[1], "-t");
	int status;

	argc -= terminal;
	argv += terminal;
	if (argc < 3) {
		fprintf(stderr, "usage: vm-agent [-t] CHANNEL COMMAND [ARGUMENT]...\n");
		return 2;
	}
	channel_open(&ch, argv[1]);
	status = terminal ? run_on_terminal(argv + 2) : run_piped(&ch, argv + 2);
	if (send_files(&ch)) {
		fprintf(stderr, "vm-agent: cannot send /out\n");
		return 126;
	}
	ch.frame[HEADER] = status;
	channel_send(&ch, 's', 1);
	channel_drain(&ch);
	return 0;
}
