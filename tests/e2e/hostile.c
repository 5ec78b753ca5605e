// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of a hostile guest against the real driver: those of tests/unit/cp_gen.c, laid into
 * guest memory with its holes, read-only pages and edges, while another thread changes the IDALs.
 * What comes back is counted and compared with the driver's own counters, which are printed as
 * debugfs has them. Runs in the guest.
 *
 *     vfio-hostile UUID PROGRAMS SEED
 *
 * For the 3270 of qemu, whose commands only touch data. A program without end would hang that
 * emulator for good, so a program that could be one is left out, and its CCWs are not changed
 * while it is read.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/e2e/client.h"
#include "tests/unit/cp_gen.h"

#define LISTS 0x6000U

/* The memory that gen_program() makes: where, how much, and whether programs lie in it. */
static struct place {
	u64 at;
	unsigned int pages;
	bool ro, copied;
	u8 *host;
} places[] = {
	{ 0, 1, false, true, NULL },	      { 0x2000, 2, false, true, NULL },
	{ LISTS, 2, false, true, NULL },      { 0x10000, 24, false, false, NULL },
	{ 0x40000, 2, true, false, NULL },    { 0xfff000, 1, false, true, NULL },
	{ 0x7ffff000, 1, false, true, NULL }, { 0x1234567000ULL, 2, false, false, NULL },
};

#define PLACES (sizeof(places) / sizeof(places[0]))

static struct client c;
static atomic_bool done;

struct tally {
	unsigned long programs, left_out, refused[8], ended, suspended, interrupts;
	unsigned long unit_check, unit_exception, channel_check, incorrect_length, silent;
};

static int map_places(void)
{
	unsigned int i;

	if (client_unmap(&c, 0, MEM_SIZE))
		return -errno;
	for (i = 0; i < PLACES; i++) {
		struct place *p = &places[i];
		struct vfio_iommu_type1_dma_map map = { .argsz = sizeof(map), .iova = p->at,
			.size = p->pages * 4096UL, .flags = VFIO_DMA_MAP_FLAG_READ |
			(p->ro ? 0 : VFIO_DMA_MAP_FLAG_WRITE) };

		p->host = mmap(NULL, map.size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		map.vaddr = (uintptr_t)p->host;
		if (p->host == MAP_FAILED || ioctl(c.container, VFIO_IOMMU_MAP_DMA, &map))
			return -errno;
	}
	return 0;
}

static void lay_out(struct guest *g)
{
	unsigned int i, n;

	for (i = 0; i < PLACES; i++)
		for (n = 0; places[i].copied && n < places[i].pages; n++)
			memcpy(places[i].host + n * 4096,
			       guest_page(g, places[i].at + n * 4096)->data, 4096);
}

/*
 * Whether the chain of CCWs comes to an end: without a status modifier there is but one way.
 * *suspends: it may be suspended on it.
 */
static bool ends(const struct guest *g, u32 at, bool *suspends)
{
	unsigned int i;
	u8 w[8];

	*suspends = false;
	for (i = 0; i < 600; i++) {
		u8 cmd, flags;
		u32 cda;

		if (guest_peek(g, at, w, 8))
			return true;
		cmd = w[0];
		flags = g->fmt1 ? w[1] : w[4];
		cda = (u32)w[1] << 16 | (u32)w[2] << 8 | w[3];
		if (g->fmt1)
			cda = (u32)w[4] << 24 | (u32)w[5] << 16 | (u32)w[6] << 8 | w[7];
		*suspends |= g->suspend && (flags & SUSP);
		if (cmd == 0x08 || (!g->fmt1 && (cmd & 0x0f) == 0x08))
			at = cda;
		else if (flags & (CC | CD))
			at += 8;
		else
			return true;
	}
	return false;
}

/* Another CPU changes IDAWs: what was checked may not be what is used. */
static void *change(void *arg)
{
	struct place *lists = &places[2];
	u64 x = 1;

	(void)arg;
	while (!atomic_load(&done)) {
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		((volatile u8 *)lists->host)[(x >> 33) % 8192] = (u8)(x >> 56);
	}
	return NULL;
}

static unsigned int refusal(int rc)
{
	static const int codes[] = { EOPNOTSUPP, EINVAL, EBUSY, EAGAIN, EACCES, ENODEV, EIO };
	unsigned int i;

	for (i = 0; i < 7 && codes[i] != -rc; i++)
		;
	return i;
}

static void count_status(struct tally *t)
{
	t->ended++;
	t->unit_check += !!(c.dstat & 0x02);
	t->unit_exception += !!(c.dstat & 0x01);
	t->channel_check += !!(c.cstat & 0x3f);
	t->incorrect_length += !!(c.cstat & 0x40);
}

static int one(struct bytes *b, struct guest *g, u32 cpa, bool suspends, struct tally *t)
{
	static const u32 nowhere[] = { 4, 1, 0x900000, 0x80000000, 0x7ffff001 };
	u32 word1, trick = bytes_take(b, 64);
	__be32 orb[3];
	int rc;

	guest_orb(g, cpa, orb);
	word1 = be32toh(orb[1]) | 0xff00;
	/* Some cannot even be started. */
	if (trick == 0)
		word1 |= 0x00040000; /* transport mode */
	else if (trick < 3)
		cpa = nowhere[bytes_take(b, 5)];
	t->programs++;
	rc = client_start(&c, word1, cpa);
	if (rc) {
		t->refused[refusal(rc)]++;
		return 0;
	}
	for (;;) {
		if (!client_status(&c, suspends ? 20 : PATIENCE)) {
			if (suspends) { /* qemu has no interrupt for it: CLEAR ends it */
				suspends = false;
				t->suspended++;
				client_command(&c, VFIO_CCW_ASYNC_CMD_CSCH);
				continue;
			}
			printf("no status\n");
			t->silent++;
			return -1;
		}
		t->interrupts++;
		if (c.cpa && (c.cpa & 7) && (cpa & 7) == 0) {
			printf("a CCW address that is none of the guest's: %x\n", c.cpa);
			return -1;
		}
		if (c.stctl & 0x08 && !(c.stctl & 0x06))
			continue; /* PCI */
		count_status(t);
		return 0;
	}
}

static const char *const refusals[] = { "EOPNOTSUPP", "EINVAL", "EBUSY", "EAGAIN",
					"EACCES", "ENODEV", "EIO", "other" };

static int same(const char *what, unsigned long ours, unsigned long theirs)
{
	printf("%-18s %10lu %10lu%s\n", what, ours, theirs, ours == theirs ? "" : "  DIFFERENT");
	return ours != theirs;
}

static int compare(const struct tally *t, const struct ccw_stats_region *s)
{
	unsigned long all = 0;
	int bad = 0;
	unsigned int i;

	printf("%-18s %10s %10s\n", "", "submitted", "driver");
	bad |= same("requests", t->programs, s->requests);
	for (i = 0; i < 8; i++)
		bad |= same(refusals[i], t->refused[i], s->refused[i]);
	bad |= same("unit checks", t->unit_check, s->unit_check);
	bad |= same("unit exceptions", t->unit_exception, s->unit_exception);
	bad |= same("channel checks", t->channel_check, s->channel_check);
	bad |= same("incorrect lengths", t->incorrect_length, s->incorrect_length);
	bad |= same("suspended, cleared", t->suspended, s->aborted);
	bad |= same("interrupts", t->interrupts, s->interrupts);
	bad |= same("overflows", 0, s->status_overflows);
	for (i = 0; i < VFIO_CCW_STATS_LOG2; i++)
		all += s->stage[4].log2[i];
	bad |= same("in the histogram", t->programs, all);
	return bad;
}

/* As debugfs has them: the test compares the two, and the events with either. */
static void print_region(const struct ccw_stats_region *s)
{
	static const char *const stages[] = { "translate", "start", "device", "deliver", "total" };
	unsigned int i, b;

#define SHOW(field) printf("region " #field " %llu\n", (unsigned long long)s->field)
	SHOW(requests);
	for (i = 0; i < 8; i++)
		printf("region refused_%s %llu\n", refusals[i], (unsigned long long)s->refused[i]);
	SHOW(unit_check);
	SHOW(unit_exception);
	SHOW(channel_check);
	SHOW(incorrect_length);
	SHOW(aborted);
	SHOW(bad_programs);
	SHOW(bytes);
	SHOW(ccws);
	SHOW(segments);
	SHOW(idaws);
	SHOW(pages);
	SHOW(interrupts);
	SHOW(status_overflows);
#undef SHOW
	for (i = 0; i < 5; i++) {
		printf("region %s_ns sum %llu max %llu log2", stages[i],
		       (unsigned long long)s->stage[i].sum, (unsigned long long)s->stage[i].max);
		for (b = 0; b < VFIO_CCW_STATS_LOG2; b++)
			if (s->stage[i].log2[b])
				printf(" %u:%llu", b, (unsigned long long)s->stage[i].log2[b]);
		printf("\n");
	}
}

static int run(struct bytes *b, unsigned long programs, struct tally *t)
{
	int rc = 0;

	while (!rc && t->programs < programs) {
		struct guest *g = guest_new();
		u32 cpa = gen_program(b, g);
		bool suspends;

		lay_out(g);
		if (ends(g, cpa, &suspends))
			rc = one(b, g, cpa, suspends, t);
		else
			t->left_out++;
		guest_free(g);
	}
	return rc;
}

int main(int argc, char **argv)
{
	struct ccw_stats_region stats;
	struct tally t = { 0 };
	struct bytes b = { 0 };
	pthread_t thread;
	int rc;

	if (argc != 4) {
		fprintf(stderr, "usage: vfio-hostile UUID PROGRAMS SEED\n");
		return 2;
	}
	b.seed = strtoull(argv[3], NULL, 0);
	rc = client_open(&c, argv[1]);
	if (!rc)
		rc = map_places();
	if (rc || pthread_create(&thread, NULL, change, NULL)) {
		printf("cannot start: %s\n", strerror(-rc));
		return 1;
	}
	rc = run(&b, strtoul(argv[2], NULL, 0), &t);
	atomic_store(&done, true);
	pthread_join(thread, NULL);
	usleep(300000); /* then nothing is kept for a next program */
	if (client_stats(&c, &stats)) {
		rc = 1;
	} else {
		rc |= compare(&t, &stats);
		print_region(&stats);
	}
	printf("%lu programs, %lu left out, pinned %ld KiB\n", t.programs, t.left_out,
	       client_pinned());
	rc |= client_pinned() != 0;
	client_close(&c);
	return rc ? 1 : 0;
}
