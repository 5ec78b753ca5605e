// SPDX-License-Identifier: GPL-2.0
/*
 * The threads that take pages out of the kernel's buffers.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "trace/record_int.h"
#include "trace/text.h"

#define PIPE_WISH (1 << 20)

/* Looks at the buffers at least so often, full or not. */
#define ROUND_MS 200

void record_tell(struct ccw_record *rec)
{
	uint64_t one = 1;

	if (write(rec->news, &one, sizeof(one)) < 0)
		return; /* it is readable already */
}

static int disk_error(struct record_worker *w, int error)
{
	return ccw_fail(&w->err, -error, "cannot write to directory %s: %s", w->rec->dir,
			strerror(error));
}

static void grown(struct record_worker *w, struct record_cpu *c, size_t n)
{
	struct ccw_record *rec = w->rec;

	c->size += n;
	if (atomic_fetch_add(&rec->taken, n) + n >= rec->opts.max_size && rec->opts.max_size)
		record_tell(rec);
}

static int write_pages(struct record_worker *w, struct record_cpu *c, const char *data, size_t len)
{
	while (len) {
		ssize_t n = pwrite(c->data, data, len, c->size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return disk_error(w, n ? errno : ENOSPC);
		grown(w, c, n);
		data += n;
		len -= n;
	}
	return 0;
}

/* Moves len bytes of whole pages from the pipe to the CPU's file. */
static int pipe_to_file(struct record_worker *w, struct record_cpu *c, size_t len)
{
	const size_t page = w->rec->page_size;

	while (len) {
		ssize_t n = -1;

		if (!w->no_splice) {
			loff_t at = c->size;

			n = splice(w->pipe[0], NULL, c->data, &at, len, SPLICE_F_MOVE);
			if (n > 0)
				grown(w, c, n);
			else if (n < 0 && errno == EINVAL)
				w->no_splice = true;
			else if (!n || errno != EINTR)
				return disk_error(w, n ? errno : ENOSPC);
		} else {
			n = read(w->pipe[0], w->page, len < page ? len : page);
			if (n <= 0)
				return ccw_fail(&w->err, -EIO, "cannot read a pipe: %s",
						strerror(errno));
			if (write_pages(w, c, w->page, n))
				return -EIO;
		}
		len -= n > 0 ? n : 0;
	}
	return 0;
}

static int cannot_read(struct record_worker *w, unsigned int cpu)
{
	return ccw_fail(&w->err, -errno, "cannot read the trace buffer of CPU %u: %s", cpu,
			strerror(errno));
}

/* Full pages only: the kernel gives no others to splice. 1: there may be more. */
static int move_pages(struct record_worker *w, struct ccw_instance_cpu *from, struct record_cpu *to)
{
	ssize_t n = splice(from->fd, NULL, w->pipe[1], NULL, w->pipe_size,
			   SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
	int rc;

	from->absent = n > 0 ? false : from->absent || (n < 0 && errno == ENODEV);
	if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ENODEV)
		return cannot_read(w, from->cpu);
	if (n <= 0)
		return 0;
	rc = pipe_to_file(w, to, n);
	/* Cut off what is not a whole page, so that what is there stays readable. */
	if (rc) {
		to->size -= to->size % w->rec->page_size;
		to->broken = true;
	}
	return rc ? rc : (size_t)n == w->pipe_size;
}

static int take_full_pages(struct record_worker *w, struct ccw_instance_cpu *from,
			   struct record_cpu *to)
{
	/* Bounded, so that a busy CPU does not keep the others waiting. */
	unsigned int rounds;
	int rc = 1;

	for (rounds = 0; rounds < 8 && rc == 1; rounds++) {
		pthread_mutex_lock(&to->lock);
		rc = move_pages(w, from, to);
		pthread_mutex_unlock(&to->lock);
	}
	return rc < 0 ? rc : 0;
}

/* Pages as they are, those that are being filled included. */
static int take_rest(struct record_worker *w, struct ccw_instance_cpu *from, struct record_cpu *to)
{
	for (;;) {
		ssize_t n = read(from->fd, w->page, w->rec->page_size);
		int rc;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN && errno != ENODEV)
			return cannot_read(w, from->cpu);
		from->absent = n < 0 && errno == ENODEV;
		if (n != (ssize_t)w->rec->page_size)
			return 0;
		rc = w->rec->flight ? flight_add(w->rec->flight, to - w->rec->data, w->page)
				    : write_pages(w, to, w->page, n);
		if (rc == -ENOMEM)
			return ccw_fail(&w->err, rc, "out of memory");
		if (rc)
			return rc;
	}
}

static int take_end(struct record_worker *w, struct ccw_instance_cpu *from, struct record_cpu *to)
{
	uint64_t before;
	int rc;

	do {
		before = to->size;
		rc = take_full_pages(w, from, to);
	} while (!rc && to->size != before);
	if (!rc)
		rc = take_rest(w, from, to);
	if (rc) {
		to->size -= to->size % w->rec->page_size;
		to->broken = true;
	}
	return rc;
}

static int look_at_all(struct record_worker *w, bool end)
{
	struct ccw_record *rec = w->rec;
	unsigned int k;
	int rc = 0;

	for (k = 0; k < w->nr && !rc; k++) {
		struct record_cpu *to = &rec->data[w->index[k]];

		if (rec->flight)
			rc = take_rest(w, &w->cpus[k], to);
		else if (end)
			rc = take_end(w, &w->cpus[k], to);
		else
			rc = take_full_pages(w, &w->cpus[k], to);
	}
	return rc;
}

static void *work(void *arg)
{
	struct record_worker *w = arg;
	struct ccw_record *rec = w->rec;
	bool end = false;

	w->tid = gettid();
	sem_post(&rec->ready);
	while (sem_wait(&rec->go) && errno == EINTR)
		;
	while (!end && !w->rc) {
		end = atomic_load(&rec->stopping);
		if (!end)
			w->rc = ccw_instance_wait(w->cpus, w->nr + 1, ROUND_MS);
		if (w->rc < 0) {
			ccw_fail(&w->err, w->rc, "cannot wait for the trace buffers: %s",
				 strerror(-w->rc));
			break;
		}
		end |= atomic_load(&rec->stopping);
		w->rc = look_at_all(w, end);
		atomic_fetch_add(&w->rounds, 1);
	}
	atomic_store(&w->ended, true);
	if (w->rc)
		atomic_store(&rec->failed, true);
	record_tell(rec);
	return NULL;
}

static int make_worker(struct ccw_record *rec, struct record_worker *w)
{
	unsigned int i, room = rec->nr / rec->nr_workers + 1;

	w->rec = rec;
	w->first = w - rec->workers;
	w->page = malloc(rec->page_size);
	w->cpus = calloc(room + 1, sizeof(*w->cpus));
	w->index = calloc(room, sizeof(*w->index));
	if (!w->page || !w->cpus || !w->index)
		return -ENOMEM;
	for (i = w->first; i < rec->nr; i += rec->nr_workers) {
		w->cpus[w->nr] = rec->cpus[i];
		w->index[w->nr++] = i;
	}
	w->cpus[w->nr].fd = rec->wake;
	if (pipe2(w->pipe, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	fcntl(w->pipe[0], F_SETPIPE_SZ, PIPE_WISH);
	w->pipe_size = fcntl(w->pipe[0], F_GETPIPE_SZ);
	/* Pages only: a piece of one would end up in the file. */
	w->pipe_size -= w->pipe_size % rec->page_size;
	return -pthread_create(&w->thread, NULL, work, w);
}

int record_make_workers(struct ccw_record *rec, struct ccw_error *err)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	sigset_t all, old;
	unsigned int i;
	int rc = 0;

	rec->nr_workers = online < 1 ? 1 : online;
	if (rec->nr_workers > RECORD_MAX_WORKERS)
		rec->nr_workers = RECORD_MAX_WORKERS;
	if (rec->nr_workers > rec->nr)
		rec->nr_workers = rec->nr;
	rec->workers = calloc(rec->nr_workers, sizeof(*rec->workers));
	rec->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rec->news = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!rec->workers)
		return ccw_fail(err, -ENOMEM, "out of memory");
	for (i = 0; i < rec->nr_workers; i++)
		rec->workers[i].pipe[0] = rec->workers[i].pipe[1] = -1;
	if (rec->wake < 0 || rec->news < 0)
		return ccw_fail(err, -EMFILE, "cannot make an eventfd: too many open files");
	/* Signals are for the thread that calls. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (i = 0; i < rec->nr_workers && !rc; i++) {
		rc = make_worker(rec, &rec->workers[i]);
		rec->workers[i].running = !rc;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc)
		return ccw_fail(err, rc, "cannot start a thread: %s", strerror(-rc));
	for (i = 0; i < rec->nr_workers; i++) {
		while (sem_wait(&rec->ready) && errno == EINTR)
			;
	}
	return 0;
}

void record_begin_workers(struct ccw_record *rec)
{
	unsigned int i;

	for (i = 0; i < rec->nr_workers; i++)
		sem_post(&rec->go);
}

void record_end_workers(struct ccw_record *rec)
{
	uint64_t one = 1;
	unsigned int i;

	if (!rec->workers || atomic_exchange(&rec->stopping, true))
		return;
	if (write(rec->wake, &one, sizeof(one)) < 0)
		return; /* cannot be: its counter is 0 */
	record_begin_workers(rec);
	for (i = 0; i < rec->nr_workers; i++) {
		if (rec->workers[i].running)
			pthread_join(rec->workers[i].thread, NULL);
		rec->workers[i].running = false;
	}
}

void record_free_workers(struct ccw_record *rec)
{
	unsigned int i;

	record_end_workers(rec);
	for (i = 0; rec->workers && i < rec->nr_workers; i++) {
		struct record_worker *w = &rec->workers[i];

		if (w->pipe[0] >= 0) {
			close(w->pipe[0]);
			close(w->pipe[1]);
		}
		free(w->page);
		free(w->cpus);
		free(w->index);
	}
	free(rec->workers);
	if (rec->wake >= 0)
		close(rec->wake);
	if (rec->news >= 0)
		close(rec->news);
}
