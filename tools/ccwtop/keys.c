// SPDX-License-Identifier: GPL-2.0
#include <curses.h>

#include "tools/ccwtop/act.h"
#include "tools/ccwtop/keys.h"

#define CTRL(c) ((c) - '@')
#define ESCAPE 27
#define ALL TOP_EVERYWHERE
#define TABLE TOP_IN(TOP_TABLE)
#define DETAIL TOP_IN(TOP_DETAIL)
#define ROWS (TABLE | DETAIL)
#define LISTS (TOP_IN(TOP_ERRORS) | TOP_IN(TOP_PATHS) | TOP_IN(TOP_LOG) | TOP_IN(TOP_HELP))

const struct top_key top_keys[] = {
	{ { '?', 'h', KEY_F(1) }, "? h F1", "help", top_act_help, .views = ALL },
	{ { 'q' }, "q", "quit; in the help: back", top_act_quit, .views = ALL },
	{ { '1', '2', '3', '4', '5', 'e' }, "1 2 3 4 5 e",
	  "view: table, detail, errors, channel paths, log; errors", top_act_choose, .views = ALL },
	{ { '\t', KEY_BTAB }, "Tab BackTab", "next view, previous view", top_act_choose,
	  .views = ALL },
	{ { KEY_UP, KEY_DOWN, 'k', 'j' }, "Up Down k j", "select a subchannel; scroll a list",
	  top_act_move, .views = ALL },
	{ { KEY_PPAGE, KEY_NPAGE }, "PgUp PgDn", "the same by pages", top_act_move,
	  .views = TABLE | LISTS },
	{ { '\r', '\n', KEY_ENTER }, "Enter", "table: details of the selected subchannel",
	  top_act_open, .views = TABLE },
	{ { ESCAPE, KEY_BACKSPACE, 127 }, "Esc Backspace",
	  "back to the table; there: nothing is selected", top_act_back, .views = ALL },
	{ { '<', ',', '>', '.' }, "< , > .", "sort by the column to the left, to the right",
	  top_act_sort_step, .views = TABLE },
	{ { 'o' }, "o", "sort by the column that you name", top_act_ask_sort, .views = TABLE },
	{ { 'r' }, "r", "reverse the order", top_act_reverse, .views = TABLE },
	{ { ' ' }, "Space", "mark the selected subchannel, or take its mark away", top_act_mark,
	  .views = TABLE },
	{ { 'm' }, "m", "show only those marked, or all again", top_act_only_marked,
	  .views = TABLE },
	{ { 'u' }, "u", "take all marks away", top_act_unmark_all, .views = TABLE },
	{ { '/' }, "/", "search for a text in names, devices, states, errors", top_act_search,
	  .views = TABLE },
	{ { 'n', 'N' }, "n N", "the next, the previous row that has it", top_act_search_again,
	  .views = TABLE },
	{ { '\\' }, "\\", "filter: subchannels, or an expression as of --filter; empty: all",
	  top_act_filter, .views = ALL },
	{ { KEY_LEFT, KEY_RIGHT }, "Left Right", "detail: another stage of the journey",
	  top_act_stage, .views = DETAIL },
	{ { 'v' }, "v", "detail: another panel first", top_act_panel, .views = DETAIL },
	{ { 'p' }, "p", "pause; counting goes on, a recording stands still", top_act_pause,
	  .views = ALL },
	{ { '+', '=', '-' }, "+ = -", "longer, shorter interval", top_act_delay, .views = ALL },
	{ { 'd' }, "d", "interval in seconds, as you type it", top_act_ask_delay, .views = ALL },
	{ { 'c' }, "c", "clear: forget what was until now", top_act_clear, .views = ALL },
	{ { '[', ']', KEY_HOME }, "[ ] Home",
	  "a recording: a twentieth of it back, forward; its begin", top_act_seek, .views = ALL,
	  .player = true },
	{ { '{', '}' }, "{ }", "a recording: half, twice as fast", top_act_speed, .views = ALL,
	  .player = true },
	{ { 'w' }, "w", "write what is on the screen to a file", top_act_snapshot, .views = ALL,
	  .changes = true },
	{ { 'R' }, "R", "record I/Os to a file; again: end the recording", top_act_record,
	  .views = ALL, .changes = true },
	{ { 't' }, "t", "next colour scheme", top_act_theme, .views = ALL },
	{ { 'W' }, "W", "write interval, order, columns, colours to the configuration",
	  top_act_save_config, .views = ALL, .changes = true },
	{ { CTRL('L') }, "Ctrl-L", "draw anew", top_act_redraw, .views = ALL },
};

const size_t top_nr_keys = sizeof(top_keys) / sizeof(*top_keys);

static bool has(const struct top_key *k, int key)
{
	size_t i;

	for (i = 0; i < sizeof(k->key) / sizeof(*k->key); i++) {
		if (k->key[i] && k->key[i] == key)
			return true;
	}
	return false;
}

void top_key_press(struct top_win *w, int key)
{
	size_t i;

	for (i = 0; i < top_nr_keys; i++) {
		const struct top_key *k = &top_keys[i];

		if (!(k->views & TOP_IN(w->mode)) || !has(k, key))
			continue;
		if (k->player && !top_gather_is_file(w->v->gather))
			continue;
		if (k->changes && w->config->readonly > 0) {
			top_say(w, true, "key %s is off: --readonly lets nothing be written",
				k->label);
			return;
		}
		k->press(w, key);
		return;
	}
}

void top_keys_print(FILE *f)
{
	size_t i;

	for (i = 0; i < top_nr_keys; i++)
		fprintf(f, "  %-13s %s%s\n", top_keys[i].label, top_keys[i].help,
			top_keys[i].changes ? " (not with --readonly)" : "");
}
