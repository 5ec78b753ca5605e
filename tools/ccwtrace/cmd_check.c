// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace check
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/env.h"
#include "tools/json.h"

struct options {
	bool json, quiet;
};

enum { OPT_FORMAT = OPT_LONG };

static const struct opt check_options[] = { { OPT_FORMAT, "format", "FORMAT", "text|json",
					      "text (default), json" },
					    { 'q', "quiet", NULL, NULL, "only what is bad" },
					    OPT_HELP,
					    OPT_END };

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	int c;

	opt_start(&p, check_options, argc, argv);
	while ((c = opt_next(&p)) != OPT_DONE) {
		switch (c) {
		case OPT_FORMAT:
			o->json = !strcmp(p.arg, "json");
			if (!o->json && strcmp(p.arg, "text"))
				return usage_error("check", "no format '%s': want text or json",
						   p.arg);
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			*done = true;
			return verb_help(&verb_check);
		default:
			return usage_error("check", "%s", p.error);
		}
	}
	if (optind < argc)
		return usage_error("check", "'%s' is too much: it looks at this machine",
				   argv[optind]);
	return EXIT_FINE;
}

static void print_text(const struct env *env, bool quiet)
{
	const struct env_line *line;
	unsigned int i;

	for (i = 0; i < env->nr; i++) {
		line = &env->lines[i];
		if (quiet && line->verdict != ENV_BAD)
			continue;
		printf("%-4s  %-14s  %s\n", env_verdict_str(line->verdict), line->name,
		       line->value);
		if (line->advice[0])
			printf("%-4s  %-14s  -> %s\n", "", "", line->advice);
	}
}

static int print_json(const struct env *env)
{
	struct json_object *lines, *o;
	struct json_doc doc;
	unsigned int i;

	json_init(&doc);
	json_add_bool(&doc, doc.root, "good", env_good(env));
	lines = json_add_array(&doc, doc.root, "checks");
	for (i = 0; i < env->nr; i++) {
		o = json_add_object(&doc, lines, NULL);
		json_add_string(&doc, o, "name", env->lines[i].name);
		json_add_string(&doc, o, "verdict", env_verdict_str(env->lines[i].verdict));
		json_add_string(&doc, o, "value", env->lines[i].value);
		json_add_string(&doc, o, "advice", env->lines[i].advice);
	}
	return json_print(&doc, stdout);
}

static int run_verb(int argc, char **argv)
{
	struct options o = { .json = false };
	bool done = false;
	struct env env;
	int code = parse(&o, argc, argv, &done);

	if (code || done)
		return code;
	env_gather(&env, "");
	if (!o.json) {
		print_text(&env, o.quiet);
	} else if (print_json(&env)) {
		warn("out of memory");
		return EXIT_ERROR;
	}
	return finish_output(env_good(&env) ? EXIT_FINE : EXIT_THRESHOLD);
}

const struct verb verb_check = {
	.name = "check",
	.summary = "what this machine has for tracing channel I/O, and what it lacks",
	.about = "The kernel, the driver, vfio, tracing, BPF, rights and limits: a line each, and\n"
		 "what to do about it. Changes nothing.",
	.options = check_options,
	.run = run_verb,
};
