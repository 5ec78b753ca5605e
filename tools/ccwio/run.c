// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "run.h"
#include "driver/vfio_ccw_ext.h"
#include "show.h"
#include "stats.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

#define SECOND		1000000000ull
/* unexpected outcomes shown in full, per subchannel */
#define SHOW_ERRORS	3u

struct runner {
	const struct options *o;
	struct mdev mdev;
	struct vfio_dev *dev;
	struct program *p;
	struct load load;
	struct io_plan plan;
	struct expect expects[EXPECT_MAX];
	unsigned int expect_count;
	struct stats stats;
	struct io_result last;
	pthread_t thread;
	FILE *output, *samples, *irbs, *memory;
	unsigned int shown;
	bool failed;		/* error of ours, not of the I/O */
	bool incomplete;	/* an unexpected timeout */
};

static atomic_bool stop;
static pthread_mutex_t print_lock = PTHREAD_MUTEX_INITIALIZER;

static void on_irb(void *ctx, const uint8_t *irb)
{
	struct runner *r = ctx;

	if (r->irbs)
		fwrite(irb, 1, sizeof(r->last.irb), r->irbs);
	if (!r->o->verbose)
		return;
	pthread_mutex_lock(&print_lock);
	printf("%s I/O %" PRIu64 " ", r->mdev.subchannel, r->load.n);
	show_irb(stdout, irb);
	pthread_mutex_unlock(&print_lock);
}

static void show_unexpected(struct runner *r, const struct io_result *res,
			    const struct ccwio_error *data_error)
{
	char buf[160];

	if (r->shown++ >= SHOW_ERRORS)
		return;
	pthread_mutex_lock(&print_lock);
	fprintf(stderr, "ccwio: %s: I/O %" PRIu64 ": %s\n", r->mdev.subchannel, r->load.n,
		data_error ? data_error->text : show_outcome(res, buf, sizeof(buf)));
	if (!data_error && res->irqs && r->o->count != 1 && !r->o->verbose)
		show_irb(stderr, res->irb);
	pthread_mutex_unlock(&print_lock);
}

static int write_output(struct runner *r, struct ccwio_error *err)
{
	for (size_t i = 0; r->output && i < prog_input_count(r->p); i++) {
		const struct prog_input *in = prog_input(r->p, i);

		if (fwrite(prog_host(r->p, in->addr, in->len), 1, in->len, r->output) != in->len)
			return ccwio_fail(err, -EIO, "cannot write %s: %s", r->o->output,
					  strerror(errno));
	}
	return 0;
}

/* True where the outcome is the one wanted; a mixed load also wants its own errors to fail. */
static bool as_expected(const struct runner *r, const struct io_result *res)
{
	if (r->load.bad)
		return res->end != IO_TIMEOUT && !io_ok(res);
	return expect_match(r->expects, r->expect_count, res);
}

static void patch(void *ctx, unsigned int nth)
{
	struct runner *r = ctx;

	if (nth)
		prog_patch(r->p, nth);
	else
		prog_unpatch(r->p);
}

static struct io_start start_of(const struct program *p)
{
	struct prog_region part = prog_region(p);
	struct io_start s = { .offset = part.offset, .length = part.length };

	memcpy(s.orb, prog_orb(p), sizeof(s.orb));
	memcpy(s.scsw, prog_scsw(p), sizeof(s.scsw));
	return s;
}

static int map_memory(struct runner *r, struct ccwio_error *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < prog_mem_count(r->p); i++) {
		const struct guest_mem *m = prog_mem(r->p, i);

		rc = vfio_map(r->dev, m->base, m->host, m->size, err);
	}
	return rc;
}

/* One I/O and what follows from it. False ends the loop. */
static bool one_io(struct runner *r)
{
	struct io_result *res = &r->last;
	struct ccwio_error err;
	struct io_start start;
	bool good;
	int rc;

	if (r->load.b && r->load.b->prepare)
		r->load.b->prepare(&r->load);
	start = start_of(r->p);
	io_run(r->dev, &start, &r->plan, res);
	if (stats_add(&r->stats, res)) {
		fprintf(stderr, "ccwio: out of memory\n");
		r->failed = true;
		return false;
	}
	if (r->samples && res->end == IO_FINAL)
		fprintf(r->samples, "%" PRIu64 "\n", res->total_ns);
	if (res->async_rc)
		fprintf(stderr,
			"ccwio: %s: last HALT, CLEAR, CANCEL, RESUME or reset refused: %s\n",
			r->mdev.subchannel, strerror(-res->async_rc));

	good = as_expected(r, res);
	if (good && r->load.bad)
		r->stats.deliberate++;
	if (good && io_ok(res)) {
		if (r->load.o->verify && r->load.b && r->load.b->check) {
			rc = r->load.b->check(&r->load, &err);
			if (rc) {
				good = false;
				stats_kind(&r->stats, "data differs", 1);
				show_unexpected(r, res, &err);
			}
		}
		if (good && write_output(r, &err)) {
			fprintf(stderr, "ccwio: %s\n", err.text);
			r->failed = true;
			return false;
		}
	} else if (!good) {
		show_unexpected(r, res, NULL);
	}
	if (good)
		r->stats.ok++;
	else
		r->stats.unexpected++;
	if (res->end == IO_TIMEOUT && !good)
		r->incomplete = true;

	if (res->end == IO_TIMEOUT && (!good || res->cleanup == IO_STUCK))
		return false;
	if (res->end == IO_LEFT || (res->end == IO_REFUSED && res->rc == -ENODEV))
		return false;
	return good || !r->o->stop_on_error;
}

/* Absolute schedule: a slow I/O makes the next ones late, it does not stretch the plan. */
static void wait_turn(struct runner *r)
{
	uint64_t at, now = io_now();
	struct timespec ts;

	at = r->stats.begin_ns + (uint64_t)((double)r->load.n * 1e9 / r->o->rate);
	if (at <= now) {
		r->stats.late += at + SECOND / 1000 < now;
		return;
	}
	while (at > now && !atomic_load(&stop)) {
		uint64_t until = at - now > SECOND / 5 ? now + SECOND / 5 : at;

		ts.tv_sec = (time_t)(until / SECOND);
		ts.tv_nsec = (long)(until % SECOND);
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		now = io_now();
	}
}

static void *run_thread(void *arg)
{
	struct runner *r = arg;
	const struct options *o = r->o;
	bool more = true;

	r->stats.begin_ns = io_now();
	for (r->load.n = 0; more; r->load.n++) {
		if (o->count && r->load.n >= o->count)
			break;
		if (o->rate > 0)
			wait_turn(r);
		if (atomic_load(&stop) ||
		    (o->duration && io_now() - r->stats.begin_ns >= o->duration))
			break;
		more = one_io(r);
	}
	r->stats.end_ns = io_now();
	r->stats.verified = r->load.verified;
	return NULL;
}

static int open_output(FILE **f, const char *name, struct ccwio_error *err)
{
	if (!name)
		return 0;
	*f = fopen(name, "wb");
	if (!*f)
		return ccwio_fail(err, -errno, "cannot create %s: %s", name, strerror(errno));
	return 0;
}

static int open_outputs(struct runner *r, struct ccwio_error *err)
{
	int rc = open_output(&r->output, r->o->output, err);

	if (rc == 0)
		rc = open_output(&r->samples, r->o->samples, err);
	if (rc == 0)
		rc = open_output(&r->irbs, r->o->irbs, err);
	if (rc == 0)
		rc = open_output(&r->memory, r->o->memory, err);
	return rc;
}

static int close_output(FILE **f, const char *name, struct ccwio_error *err)
{
	FILE *file = *f;
	bool bad;

	*f = NULL;
	if (!file)
		return 0;
	bad = ferror(file);
	if (fclose(file) || bad)
		return ccwio_fail(err, -EIO, "cannot write %s: %s", name, strerror(errno));
	return 0;
}

static int close_outputs(struct runner *r, struct ccwio_error *err)
{
	const struct options *o = r->o;
	int rc, c;

	for (size_t i = 0; r->memory && i < prog_mem_count(r->p); i++)
		fwrite(prog_mem(r->p, i)->host, 1, prog_mem(r->p, i)->size, r->memory);
	if (!o) /* never set up: nothing was opened */
		return 0;
	rc = close_output(&r->output, o->output, err);
	c = close_output(&r->samples, o->samples, err);
	rc = c ? c : rc;
	c = close_output(&r->irbs, o->irbs, err);
	rc = c ? c : rc;
	c = close_output(&r->memory, o->memory, err);
	return c ? c : rc;
}

static int setup_expects(struct runner *r, struct ccwio_error *err)
{
	const char *text;

	/* the command line says it instead of the program */
	memcpy(r->expects, r->o->expects, sizeof(r->expects));
	r->expect_count = r->o->expect_count;
	for (size_t i = 0; r->o->expect_count == 0 && (text = prog_expect(r->p, i)); i++) {
		int rc;

		if (i == EXPECT_MAX)
			return ccwio_fail(err, -EINVAL, "more than %d expect statements",
					  EXPECT_MAX);
		rc = expect_parse(text, &r->expects[i], err);
		if (rc)
			return rc;
		r->expect_count++;
	}
	return 0;
}

static int setup(struct runner *r, const struct options *o, const char *text, size_t len,
		 const char *name, struct ccwio_error *err)
{
	int rc;

	r->o = o;
	rc = prog_assemble(name, text, len, &o->defaults, &r->p, err);
	if (rc == 0)
		rc = setup_expects(r, err);
	if (rc == 0)
		rc = vfio_open(&r->mdev, &r->dev, err);
	if (rc == 0)
		rc = map_memory(r, err);
	if (rc == 0)
		rc = open_outputs(r, err);
	if (rc)
		return rc;
	r->load = (struct load){ .b = o->builtin, .o = &o->load, .p = r->p, .rng = o->load.seed };
	r->load.expected = malloc(o->load.blocksize);
	if (!r->load.expected)
		return ccwio_fail(err, -ENOMEM, "out of memory");
	r->plan = (struct io_plan){
		.timeout = o->timeout, .halt_after = o->halt_after, .clear_after = o->clear_after,
		.reset_after = o->reset_after, .no_wait = o->no_wait, .stop = &stop,
		.cancel_after = o->cancel_after, .resume_after = o->resume_after, .patch = patch,
		.on_irb = o->verbose || o->irbs ? on_irb : NULL, .ctx = r,
	};
	return 0;
}

static void teardown(struct runner *r)
{
	/* the device lets go of the memory before it is unmapped */
	vfio_close(r->dev);
	prog_free(r->p);
	free(r->load.expected);
	stats_free(&r->stats);
}

/* Threads leave SIGINT and SIGTERM to this one; when all have ended it is woken by SIGUSR1. */
static void *signal_thread(void *arg)
{
	const sigset_t *set = arg;
	int sig;

	if (sigwait(set, &sig) == 0 && sig != SIGUSR1)
		atomic_store(&stop, true);
	return NULL;
}

static void show_single(struct runner *r)
{
	char buf[160], a[32], b[32];

	printf("%s %s", r->mdev.subchannel, show_outcome(&r->last, buf, sizeof(buf)));
	if (r->last.end == IO_FINAL)
		printf("  %s, of that %s to start", ccw_ns_str(r->last.total_ns, a, sizeof(a)),
		       ccw_ns_str(r->last.submit_ns, b, sizeof(b)));
	putchar('\n');
	if (r->last.irqs && !r->o->verbose)
		show_irb(stdout, r->last.irb);
	if (r->last.irqs > 1 || r->last.unsolicited || r->last.merged)
		printf("    interrupts %u, unsolicited %u, merged signals %u\n", r->last.irqs,
		       r->last.unsolicited, r->last.merged);
	if (r->last.suspensions)
		printf("    suspended %u times, resumed %u times\n", r->last.suspensions,
		       r->last.resumes);
	if (r->last.cancelled && r->last.cancel_cc)
		printf("    CANCEL SUBCHANNEL gave condition code %d\n", (int)r->last.cancel_cc);
	if (r->last.end == IO_FINAL)
		show_inputs(stdout, r->p, r->o->verbose);
	if (r->load.verified)
		printf("%" PRIu64 " bytes compared\n", r->load.verified);
}

static int show_stats(struct runner *rs, unsigned int n, struct ccwio_error *err)
{
	for (unsigned int i = 0; i < n; i++) {
		struct ccw_stats_region s;
		int rc = vfio_read(rs[i].dev, REGION_STATS, 0, &s, sizeof(s));

		if (rc)
			return ccwio_fail(err, rc, "%s: cannot read the driver's counters: %s",
					  rs[i].mdev.subchannel, rc == -ENXIO ?
					  "it has no statistics region (see --info)" :
					  strerror(-rc));
		printf("%s driver's counters since the device was opened\n",
		       rs[i].mdev.subchannel);
		show_driver_stats(stdout, &s);
	}
	return 0;
}

static int show_json(struct runner *rs, unsigned int n, const char *name)
{
	struct json_object *array;
	struct json_doc doc;

	json_init(&doc);
	json_add_string(&doc, doc.root, "program", name);
	array = json_add_array(&doc, doc.root, "subchannels");
	for (unsigned int i = 0; i < n; i++)
		stats_json(&doc, array, rs[i].mdev.subchannel, &rs[i].stats);
	return json_print(&doc, stdout);
}

static int show_results(struct runner *rs, unsigned int n, const char *name)
{
	const struct options *o = rs[0].o;
	struct stats all = { 0 };
	int rc = 0;

	if (o->json)
		return show_json(rs, n, name);
	if (o->count == 1) {
		for (unsigned int i = 0; i < n && !o->quiet; i++)
			show_single(&rs[i]);
		return 0;
	}
	stats_print_header(stdout);
	for (unsigned int i = 0; i < n; i++) {
		stats_print(stdout, rs[i].mdev.subchannel, &rs[i].stats);
		if (n > 1 && rc == 0)
			rc = stats_merge(&all, &rs[i].stats);
	}
	if (n > 1 && rc == 0)
		stats_print(stdout, "all", &all);
	stats_free(&all);
	return rc;
}

static int run_all(struct runner *rs, unsigned int n, struct ccwio_error *err)
{
	unsigned int started = 0;
	pthread_t signals;
	sigset_t set;
	int rc;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	rc = pthread_create(&signals, NULL, signal_thread, &set);
	if (rc)
		return ccwio_fail(err, -rc, "cannot start a thread: %s", strerror(rc));
	for (; started < n && rc == 0; started += rc == 0)
		rc = pthread_create(&rs[started].thread, NULL, run_thread, &rs[started]);
	if (rc)
		atomic_store(&stop, true);
	for (unsigned int i = 0; i < started; i++)
		pthread_join(rs[i].thread, NULL);
	pthread_kill(signals, SIGUSR1);
	pthread_join(signals, NULL);
	if (rc)
		return ccwio_fail(err, -rc, "cannot start a thread: %s", strerror(rc));
	return 0;
}

static int exit_status(const struct runner *rs, unsigned int n)
{
	bool incomplete = false, failed = false;

	for (unsigned int i = 0; i < n; i++) {
		incomplete |= rs[i].incomplete;
		/* what the timeout itself counted is the 3, anything beyond it is an error */
		failed |= rs[i].failed || rs[i].stats.unexpected > rs[i].incomplete;
	}
	return failed ? 1 : incomplete ? 3 : 0;
}

/* -s, or the only mediated device there is. */
static int choose(const struct options *o, char ***names, unsigned int *n, char *only,
		  struct ccwio_error *err)
{
	size_t count, with = 0;
	struct mdev *list;
	int rc;

	if (o->subchannel_count) {
		*names = (char **)o->subchannels;
		*n = o->subchannel_count;
		return 0;
	}
	rc = mdev_list(&list, &count, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < count; i++) {
		if (list[i].uuid[0] && with++ == 0)
			strcpy(only, list[i].subchannel);
	}
	free(list);
	if (with == 0)
		return ccwio_fail(err, -ENODEV, "no subchannel bound to vfio_ccw has a mediated "
				  "device (see ccwio --list)");
	if (with > 1)
		return ccwio_fail(err, -EINVAL, "%zu subchannels to choose from: say which with -s "
				  "(see ccwio --list)", with);
	*n = 1;
	return 0;
}

int run(const struct options *o, struct ccwio_error *err)
{
	char only[16], *only_list[1] = { only }, **names = only_list, *text = NULL;
	unsigned int n = 0;
	const char *name;
	struct runner *rs = NULL;
	size_t len;
	int rc;

	rc = run_text(o, &text, &len, &name, err);
	if (rc == 0)
		rc = choose(o, &names, &n, only, err);
	if (rc == 0) {
		rs = calloc(n, sizeof(*rs));
		if (!rs)
			rc = ccwio_fail(err, -ENOMEM, "out of memory");
	}
	for (unsigned int i = 0; i < n && rc == 0; i++) {
		rc = mdev_find(names[i], &rs[i].mdev, err);
		for (unsigned int j = 0; j < i && rc == 0; j++) {
			if (strcmp(rs[i].mdev.uuid, rs[j].mdev.uuid) == 0)
				rc = ccwio_fail(err, -EINVAL, "%s is named twice",
						rs[i].mdev.subchannel);
		}
		if (rc == 0)
			rc = setup(&rs[i], o, text, len, name, err);
	}
	if (rc == 0)
		rc = run_all(rs, n, err);
	if (rc == 0 && show_results(rs, n, name))
		rc = ccwio_fail(err, -ENOMEM, "out of memory");
	if (rc == 0 && o->driver_stats)
		rc = show_stats(rs, n, err);
	if (rc == 0)
		rc = exit_status(rs, n);
	for (unsigned int i = 0; rs && i < n; i++) {
		int c = close_outputs(&rs[i], err);

		if (c)
			rc = c;
		teardown(&rs[i]);
	}
	free(rs);
	free(text);
	return rc;
}
