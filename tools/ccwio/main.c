// SPDX-License-Identifier: GPL-2.0
/* ccwio: run channel programs on devices passed through with vfio-ccw. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/dev/bytes.h"
#include "driver/vfio_ccw_ext.h"
#include "options.h"
#include "run.h"
#include "show.h"

static int list(struct ccwio_error *err)
{
	struct mdev *all;
	size_t n;
	int rc = mdev_list(&all, &n, err);

	if (rc)
		return rc;
	printf("%-12s %-36s %s\n", "SUBCHANNEL", "MDEV", "GROUP");
	for (size_t i = 0; i < n; i++) {
		printf("%-12s %-36s ", all[i].subchannel, all[i].uuid[0] ? all[i].uuid : "-");
		if (all[i].group >= 0)
			printf("%d\n", all[i].group);
		else
			printf("-\n");
	}
	free(all);
	return 0;
}

static int dump(const struct options *o, struct ccwio_error *err)
{
	struct program *p;
	const char *name;
	char *text;
	size_t len;
	int rc = run_text(o, &text, &len, &name, err);

	if (rc)
		return rc;
	if (o->mode == MODE_PRINT) {
		fwrite(text, 1, len, stdout);
		free(text);
		return 0;
	}
	rc = prog_assemble(name, text, len, &o->defaults, &p, err);
	free(text);
	if (rc)
		return rc;
	for (size_t i = 0; prog_expect(p, i) && rc == 0; i++) {
		struct expect e;

		rc = expect_parse(prog_expect(p, i), &e, err);
	}
	if (rc == 0) {
		struct load l = { .b = o->builtin, .o = &o->load, .p = p, .rng = o->load.seed };

		/* as the first I/O would find it */
		if (l.b && l.b->prepare)
			l.b->prepare(&l);
		show_program(stdout, p);
	}
	prog_free(p);
	return rc;
}

static int pattern(const struct options *o, struct ccwio_error *err)
{
	FILE *f = fopen(o->output, "wb");
	uint8_t *buf = malloc(o->load.blocksize);
	int rc = 0;

	if (!f)
		rc = ccwio_fail(err, -errno, "cannot create %s: %s", o->output, strerror(errno));
	else if (!buf)
		rc = ccwio_fail(err, -ENOMEM, "out of memory");
	for (uint32_t t = o->load.first_track; rc == 0 && t <= o->load.last_track; t++) {
		for (uint32_t r = 1; rc == 0 && r <= o->load.records; r++) {
			pattern_fill(buf, o->load.blocksize, t, r, o->load.seed);
			if (fwrite(buf, o->load.blocksize, 1, f) != 1)
				rc = ccwio_fail(err, -EIO, "cannot write %s: %s", o->output,
						strerror(errno));
		}
	}
	if (f && fclose(f) && rc == 0)
		rc = ccwio_fail(err, -EIO, "cannot write %s: %s", o->output, strerror(errno));
	free(buf);
	return rc;
}

static void show_info(const struct vfio_describe *d, const struct mdev *m)
{
	static const char *const subtypes[] = { "?", "async-cmd", "schib", "crw" };
	const uint32_t known = sizeof(subtypes) / sizeof(subtypes[0]);
	static const char *const irqs[] = { "io", "crw", "req" };

	printf("%s %s group %d flags 0x%x regions %u irqs %u\n", m->subchannel, m->uuid, m->group,
	       d->flags, d->num_regions, d->num_irqs);
	for (uint32_t i = 0; i < d->region_count; i++)
		printf("region %u  size %" PRIu64 " offset 0x%" PRIx64 " flags 0x%x type %u "
		       "subtype %u %s\n", i, d->regions[i].size, d->regions[i].offset,
		       d->regions[i].flags, d->regions[i].type, d->regions[i].subtype, i == 0 ?
		       "io" : d->regions[i].subtype < known ? subtypes[d->regions[i].subtype] :
		       d->regions[i].subtype == VFIO_REGION_SUBTYPE_CCW_FUNC ? "func" :
		       d->regions[i].subtype == VFIO_REGION_SUBTYPE_CCW_STATS ? "stats" : "?");
	for (uint32_t i = 0; i < d->irq_count; i++) {
		if (d->irqs[i].rc)
			printf("irq %u  %s\n", i, strerror(-d->irqs[i].rc));
		else
			printf("irq %u  count %u flags 0x%x %s\n", i, d->irqs[i].count,
			       d->irqs[i].flags, i < 3 ? irqs[i] : "?");
	}
}

static int no_region(int rc, const char *name, struct ccwio_error *err)
{
	if (rc == -ENXIO)
		return ccwio_fail(err, rc, "the driver offers no %s region for this device "
				  "(see --info)", name);
	return ccwio_fail(err, rc, "cannot read the %s region: %s", name, strerror(-rc));
}

static int show_schib(struct vfio_dev *dev, struct ccwio_error *err)
{
	uint8_t schib[52];
	int rc = vfio_read(dev, REGION_SCHIB, 0, schib, sizeof(schib));

	if (rc)
		return no_region(rc, "schib", err);
	/* PoP, "Subchannel-Information Block": 28 bytes PMCW, 12 SCSW, 12 model dependent */
	printf("pmcw devno %04x%s lpm %02x pnom %02x lpum %02x pim %02x pom %02x pam %02x\n",
	       get_be16(schib + 6), schib[5] & 0x80 ? " enabled" : "", schib[8], schib[9],
	       schib[10], schib[11], schib[14], schib[15]);
	show_hex(stdout, 0, schib, sizeof(schib));
	return 0;
}

static int show_crws(struct vfio_dev *dev, struct ccwio_error *err)
{
	/* bounded: a driver that never reads empty must not keep us */
	for (int i = 0; i < 1024; i++) {
		uint8_t crw[8];
		uint32_t w;
		int rc = vfio_read(dev, REGION_CRW, 0, crw, sizeof(crw));

		if (rc)
			return no_region(rc, "crw", err);
		w = get_be32(crw);
		if (!w)
			return 0;
		printf("crw %08x  rsc %u erc %u rsid %04x%s%s\n", w, w >> 24 & 15, w >> 16 & 63,
		       w & 0xffff, w & 0x20000000 ? " overflow" : "", w & 0x10000000 ?
		       " chained" : "");
	}
	return ccwio_fail(err, -EIO, "more than 1024 channel report words");
}

static int inspect(const struct options *o, struct ccwio_error *err)
{
	struct vfio_describe d;
	struct vfio_dev *dev;
	struct mdev m;
	int rc = 0;

	if (o->subchannel_count == 0)
		return ccwio_fail(err, -EINVAL, "say which subchannel with -s (see ccwio --list)");
	for (unsigned int i = 0; i < o->subchannel_count && rc == 0; i++) {
		rc = mdev_find(o->subchannels[i], &m, err);
		if (rc == 0)
			rc = vfio_open(&m, &dev, err);
		if (rc)
			break;
		if (o->mode == MODE_SCHIB)
			rc = show_schib(dev, err);
		else if (o->mode == MODE_CRW)
			rc = show_crws(dev, err);
		else if ((rc = vfio_describe(dev, &d, err)) == 0)
			show_info(&d, &m);
		vfio_close(dev);
	}
	return rc;
}

int main(int argc, char **argv)
{
	struct ccwio_error err = { "" };
	struct options o;
	int rc;

	rc = options_parse(&o, argc, argv, &err);
	if (rc) {
		options_free(&o);
		fprintf(stderr, "ccwio: %s\nTry 'ccwio --help'.\n", err.text);
		return 2;
	}
	switch (o.mode) {
	case MODE_HELP:
		options_help(stdout);
		break;
	case MODE_VERSION:
		printf("ccwio " CCW_VERSION "\n");
		break;
	case MODE_LIST:
		rc = list(&err);
		break;
	case MODE_DUMP:
	case MODE_PRINT:
		rc = dump(&o, &err);
		break;
	case MODE_PATTERN:
		rc = pattern(&o, &err);
		break;
	case MODE_INFO:
	case MODE_SCHIB:
	case MODE_CRW:
		rc = inspect(&o, &err);
		break;
	case MODE_RUN:
		rc = run(&o, &err);
		break;
	}
	options_free(&o);
	if (rc < 0)
		fprintf(stderr, "ccwio: %s\n", err.text);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "ccwio: cannot write to standard output: %s\n", strerror(errno));
		return 1;
	}
	return rc < 0 ? 1 : rc;
}
