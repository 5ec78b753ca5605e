/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What keys and the mouse do. act.c looks at things in another way, act_write.c writes files.
 */
#ifndef CCWTOP_ACT_H
#define CCWTOP_ACT_H

#include "tools/ccwtop/win.h"

/* In the signature of struct top_key; those that ignore the key say what they do in their name. */
void top_act_quit(struct top_win *w, int key);
void top_act_pause(struct top_win *w, int key);
void top_act_delay(struct top_win *w, int key); /* + = longer, - shorter */
void top_act_ask_delay(struct top_win *w, int key);
void top_act_clear(struct top_win *w, int key);
void top_act_redraw(struct top_win *w, int key);
void top_act_theme(struct top_win *w, int key); /* the next one */
void top_act_help(struct top_win *w, int key);
void top_act_choose(struct top_win *w, int key); /* a view: 1 to 5, e, Tab, back Tab */
void top_act_back(struct top_win *w, int key);
void top_act_sort_step(struct top_win *w, int key); /* < , left; > . right */
void top_act_ask_sort(struct top_win *w, int key);
void top_act_reverse(struct top_win *w, int key);
void top_act_move(struct top_win *w, int key); /* up, down, pages: selection or scrolling */
void top_act_open(struct top_win *w, int key); /* detail of the selected one */
void top_act_mark(struct top_win *w, int key); /* and goes to the next */
void top_act_unmark_all(struct top_win *w, int key);
void top_act_only_marked(struct top_win *w, int key);
void top_act_search(struct top_win *w, int key);
void top_act_search_again(struct top_win *w, int key); /* n forward, N back */
void top_act_filter(struct top_win *w, int key);
void top_act_stage(struct top_win *w, int key); /* left, right */
void top_act_panel(struct top_win *w, int key);
void top_act_seek(struct top_win *w, int key); /* [ ] Home */
void top_act_speed(struct top_win *w, int key); /* { } */
void top_act_snapshot(struct top_win *w, int key);
void top_act_record(struct top_win *w, int key);
void top_act_save_config(struct top_win *w, int key);

/* Sorts by a column; the one that sorts already is turned around. */
void top_act_sort_by(struct top_win *w, const struct top_column *col);
/* Moves the selection by so many rows, or begins at the first or last. */
void top_act_select_step(struct top_win *w, long step);

/* A line at the bottom until the next key. */
void top_say(struct top_win *w, bool error, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Opens the line to type in; answer gets what was typed, when Enter ends it. */
void top_ask(struct top_win *w, const char *label, const char *text,
	     void (*answer)(struct top_win *w, const char *text));

/*
 * The recorder. To be called now and then: true, a recording ended, and it was said. At the end:
 * waits for the file, and says on standard error what came of it; -ENODATA: of some recording,
 * records are missing.
 */
bool top_act_record_look(struct top_win *w);
int top_act_record_end(struct top_win *w);

#endif /* CCWTOP_ACT_H */
