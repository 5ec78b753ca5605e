/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of the channel-program translation share: a guest, a cp, and a look inside. */
#ifndef TESTS_UNIT_CP_FIXTURE_H
#define TESTS_UNIT_CP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/cp_oracle.h"

#define PROG 0x2000u
#define LIST 0x8000u
#define DATA 0x10000u
#define HOLE 0x900000u /* never mapped */

struct fx {
	struct guest *g;
	struct cp cp;
	struct run a, h;
};

static inline int fx_setup_with(void **state, const struct cp_limits *max)
{
	struct fx *f = calloc(1, sizeof(*f));

	f->g = guest_new();
	guest_map(f->g, PROG, 4);
	guest_map(f->g, LIST, 2);
	guest_map(f->g, DATA, 64);
	*state = f;
	return cp_init(&f->cp, &guest_ops, f->g, max);
}

/* The driver's own bounds. */
static inline int fx_setup(void **state)
{
	static const struct cp_limits max = {
		.segments = 256, .ccws = 4096, .idaws = 16384, .pages = 8192
	};

	return fx_setup_with(state, &max);
}

static inline int fx_teardown(void **state)
{
	struct fx *f = *state;

	cp_user_allocs = -1;
	cp_destroy(&f->cp);
	assert_null(f->g->error);
	assert_int_equal(f->g->pinned, 0);
	guest_free(f->g);
	free(f);
	return 0;
}

/* Translates into an arena full of what must not be met. */
static inline int fx_try(struct fx *f, u32 cpa)
{
	__be32 orb[3];

	cp_release(&f->cp);
	guest_orb(f->g, cpa, orb);
	poison_arena(&f->cp);
	return cp_translate(&f->cp, orb);
}

static inline void fx_translate(struct fx *f, u32 cpa)
{
	assert_int_equal(fx_try(f, cpa), 0);
	assert_null(f->g->error);
}

/* Refused with -EINVAL for what is at bad_addr, and nothing left pinned. */
static inline void fx_refused(struct fx *f, u32 cpa, u64 bad_addr)
{
	assert_int_equal(fx_try(f, cpa), -EINVAL);
	assert_int_equal(f->cp.shape.bad_addr, bad_addr);
	assert_int_equal(f->g->pinned, 0);
	assert_false(cp_busy(&f->cp));
	assert_int_equal(f->cp.cpa, 0);
}

static inline void fx_shape(const struct fx *f, u32 ccws, u32 segments, u32 idaws, u32 pages,
			    u32 bytes)
{
	const struct cp_shape *s = &f->cp.shape;

	assert_int_equal(s->ccws, ccws);
	assert_int_equal(s->segments, segments);
	assert_int_equal(s->idaws, idaws);
	assert_int_equal(s->pages, pages);
	assert_int_equal(s->bytes, bytes);
}

static inline void fx_bad(const struct fx *f, u32 n, u64 addr)
{
	assert_int_equal(f->cp.shape.bad_ccws, n);
	assert_int_equal(f->cp.shape.bad_addr, addr);
}

/* The channel's CCWs and IDAWs lie at their own addresses here. */
static inline const struct cp_ccw *fx_ccw(u32 host)
{
	return (const struct cp_ccw *)(uintptr_t)host;
}

static inline const struct cp_ccw *fx_nth(const struct fx *f, unsigned int n)
{
	return fx_ccw(f->cp.cpa) + n;
}

/* The guest address an IDAW stands for, ~0 if it is none of the guest's. */
static inline u64 fx_idaw(const struct fx *f, const struct cp_ccw *ccw, unsigned int n)
{
	u64 host = be64toh(((const u64 *)(uintptr_t)be32toh(ccw->cda))[n]);
	const struct guest_page *p = guest_page_of(f->g, host);

	assert_true(ccw->flags & IDA);
	return p ? p->gfn * GUEST_PAGE + (host - (uintptr_t)p->data) : ~0ULL;
}

static inline void fx_says(const struct fx *f, const struct event *ev, const char *text)
{
	char buf[100];

	(void)f;
	assert_string_equal(event_text(ev, buf, sizeof(buf)), text);
}

/* Runs both programs against a device; they must agree, and the host's keep to its own. */
static inline void fx_run(struct fx *f, u32 cpa, const struct device *dev)
{
	static const struct device plain = { .commands = 1000 };
	char a[100] = "nothing", h[100] = "nothing";
	unsigned int where;

	run_guest(&f->a, f->g, cpa, dev ? dev : &plain);
	run_host(&f->h, f->g, &f->cp, dev ? dev : &plain);
	if (f->h.violation)
		fail_msg("%s at %llx", f->h.violation, (unsigned long long)f->h.violation_addr);
	if (run_equal(&f->a, &f->h, &where))
		return;
	if (where < f->a.n)
		event_text(&f->a.ev[where], a, sizeof(a));
	if (where < f->h.n)
		event_text(&f->h.ev[where], h, sizeof(h));
	fail_msg("event %u: guest %s, host %s", where, a, h);
}

/* Runs the host's program only, against devices that answer anything. */
static inline void fx_survives(struct fx *f)
{
	unsigned int i;

	for (i = 0; i < 200; i++) {
		struct device dev = {
			.answer = device_random, .ctx = f, .seed = i, .commands = 40
		};

		run_host(&f->h, f->g, &f->cp, &dev);
		if (f->h.violation)
			fail_msg("device %u: %s at %llx", i, f->h.violation,
				 (unsigned long long)f->h.violation_addr);
	}
}

#define FX_TEST(f) cmocka_unit_test_setup_teardown(f, fx_setup, fx_teardown)

#endif /* TESTS_UNIT_CP_FIXTURE_H */
