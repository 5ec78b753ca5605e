// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/ccw_names.h"
#include "trace/ccw_recording.h"
#include "trace/dat.h"
#include "trace/source.h"

static void fill(const struct ccw_dat *dat, struct ccw_recording *r)
{
	unsigned int i;

	for (i = 0; i < dat->nr_buffers; i++) {
		const struct ccw_dat_buffer *b = &dat->buffers[i];

		r->buffers[i] = (struct ccw_recording_buffer){
			.name = b->name,
			.clock = b->clock[0] ? b->clock : dat->clock,
			.page_size = b->format.size,
		};
	}
	for (i = 0; i < dat->nr_data; i++) {
		r->cpus[i] = (struct ccw_recording_cpu){
			.cpu = dat->data[i].cpu,
			.buffer = dat->data[i].buffer,
			.bytes = dat->data[i].size,
		};
	}
}

int ccw_source_recording(const struct ccw_source *src, struct ccw_recording *r)
{
	const struct ccw_dat *dat = ccw_file_dat(src);

	memset(r, 0, sizeof(*r));
	if (!dat)
		return -ENODATA;
	r->version = dat->version;
	r->compression = dat->compression;
	r->zero_sizes = dat->zero_sizes;
	r->bytes = dat->size;
	r->nr_formats = dat->nr_events;
	r->nr_buffers = dat->nr_buffers;
	r->nr_cpus = dat->nr_data;
	ccw_dat_option(dat, CCW_DAT_UNAME, r->uname, sizeof(r->uname));
	ccw_dat_option(dat, CCW_DAT_VERSION, r->recorder, sizeof(r->recorder));
	ccw_plain(r->uname);
	ccw_plain(r->recorder);
	r->buffers = calloc(r->nr_buffers + 1, sizeof(*r->buffers));
	r->cpus = calloc(r->nr_cpus + 1, sizeof(*r->cpus));
	if (!r->buffers || !r->cpus) {
		ccw_recording_free(r);
		return -ENOMEM;
	}
	fill(dat, r);
	return 0;
}

void ccw_recording_free(struct ccw_recording *r)
{
	free(r->buffers);
	free(r->cpus);
	r->buffers = NULL;
	r->cpus = NULL;
}
