// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <limits.h>

#include "tools/ccwtrace/info.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

static void print_form(const struct info *in, FILE *f)
{
	const struct ccw_recording *r = &in->recording;
	char size[24], name[PATH_MAX];

	fprintf(f, "%s: trace.dat version %u, %s endian, %s, %s\n",
		ccw_plain_str(in->walk.path, name, sizeof(name)), r->version,
		in->walk.info.big_endian ? "big" : "little",
		r->version == 6 || r->compression[0] == 'n' ? "not compressed" : r->compression,
		ccw_bytes_str(r->bytes, size, sizeof(size)));
	if (r->uname[0])
		fprintf(f, "machine     %s\n", r->uname);
	if (r->recorder[0])
		fprintf(f, "written by  %s\n", r->recorder);
	if (r->zero_sizes)
		fprintf(f, "            its sizes are 0, as trace-cmd 3.3 writes them on s390x: "
			   "other tools need 'ccwtrace repair'\n");
	if (in->walk.info.note[0])
		fprintf(f, "note        %s\n", in->walk.info.note);
}

static void print_buffers(const struct info *in, FILE *f)
{
	const struct ccw_recording *r = &in->recording;
	unsigned int b, i;
	char size[24], name[256], clock[64];

	for (b = 0; b < r->nr_buffers; b++) {
		fprintf(f, "buffer      %s, clock %s, pages of %u bytes:",
			r->buffers[b].name[0] ?
				ccw_plain_str(r->buffers[b].name, name, sizeof(name)) :
				"top instance",
			r->buffers[b].clock[0] ?
				ccw_plain_str(r->buffers[b].clock, clock, sizeof(clock)) :
				"not known",
			r->buffers[b].page_size);
		for (i = 0; i < r->nr_cpus; i++) {
			if (r->cpus[i].buffer == b)
				fprintf(f, " CPU %u %s", r->cpus[i].cpu,
					ccw_bytes_str(r->cpus[i].bytes, size, sizeof(size)));
		}
		fputc('\n', f);
	}
}

int info_text(const struct info *in, FILE *f)
{
	uint64_t first = in->walk.first, span = in->walk.last - first;
	unsigned int i;
	char text[24];
	size_t s;

	print_form(in, f);
	print_buffers(in, f);
	fprintf(f, "time        %" PRIu64 ".%09" PRIu64 ", for %s\n", first / 1000000000,
		first % 1000000000, ccw_ns_str(span, text, sizeof(text)));
	fprintf(f, "lost        %" PRIu64 " event%s%s\n", in->lost, ccw_s(in->lost),
		in->lost_unknown ? " and more, nobody knows how many" : "");
	fprintf(f, "events      %" PRIu64 "\n", in->records);
	for (i = 0; i < in->nr_events; i++)
		fprintf(f, "  %12" PRIu64 "  %s\n", in->events[i].count, in->events[i].name);
	fprintf(f, "subchannels %zu\n", in->nr_subchannels);
	for (s = 0; s < in->nr_subchannels; s++)
		fprintf(f, "  %12" PRIu64 "  %s\n", in->subchannels[s].events,
			ccw_sch_str(in->subchannels[s].sch, text, sizeof(text)));
	return 0;
}

static void add_buffers(struct json_doc *doc, const struct ccw_recording *r)
{
	struct json_object *list = json_add_array(doc, doc->root, "buffers"), *o, *cpus;
	unsigned int b, i;

	for (b = 0; b < r->nr_buffers; b++) {
		o = json_add_object(doc, list, NULL);
		json_add_string(doc, o, "name", r->buffers[b].name);
		json_add_string(doc, o, "clock", r->buffers[b].clock);
		json_add_u64(doc, o, "page_size", r->buffers[b].page_size);
		cpus = json_add_array(doc, o, "cpus");
		for (i = 0; i < r->nr_cpus; i++) {
			struct json_object *c;

			if (r->cpus[i].buffer != b)
				continue;
			c = json_add_object(doc, cpus, NULL);
			json_add_u64(doc, c, "cpu", r->cpus[i].cpu);
			json_add_u64(doc, c, "bytes", r->cpus[i].bytes);
		}
	}
}

int info_json(const struct info *in, FILE *f)
{
	const struct ccw_recording *r = &in->recording;
	struct json_object *list, *o;
	struct json_doc doc;
	unsigned int i;
	char text[24];
	size_t s;

	json_init(&doc);
	json_add_string(&doc, doc.root, "file", in->walk.path);
	json_add_u64(&doc, doc.root, "version", r->version);
	json_add_bool(&doc, doc.root, "big_endian", in->walk.info.big_endian);
	json_add_string(&doc, doc.root, "compression", r->compression);
	json_add_bool(&doc, doc.root, "zero_sizes", r->zero_sizes);
	json_add_u64(&doc, doc.root, "bytes", r->bytes);
	json_add_string(&doc, doc.root, "machine", r->uname);
	json_add_string(&doc, doc.root, "recorder", r->recorder);
	json_add_string(&doc, doc.root, "note", in->walk.info.note);
	json_add_bool(&doc, doc.root, "complete",
		      !in->walk.info.truncated && !in->lost && !in->lost_unknown);
	json_add_u64(&doc, doc.root, "first_ns", in->walk.first);
	json_add_u64(&doc, doc.root, "last_ns", in->walk.last);
	json_add_u64(&doc, doc.root, "records", in->records);
	json_add_u64(&doc, doc.root, "lost", in->lost);
	json_add_bool(&doc, doc.root, "lost_exact", !in->lost_unknown);
	add_buffers(&doc, r);
	list = json_add_object(&doc, doc.root, "events");
	for (i = 0; i < in->nr_events; i++)
		json_add_u64(&doc, list, in->events[i].name, in->events[i].count);
	list = json_add_array(&doc, doc.root, "subchannels");
	for (s = 0; s < in->nr_subchannels; s++) {
		o = json_add_object(&doc, list, NULL);
		json_add_string(&doc, o, "subchannel",
				ccw_sch_str(in->subchannels[s].sch, text, sizeof(text)));
		json_add_u64(&doc, o, "events", in->subchannels[s].events);
	}
	return json_print(&doc, f);
}
