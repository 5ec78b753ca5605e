/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWTOP_EXPORTER_NOTIFY_H
#define CCWTOP_EXPORTER_NOTIFY_H

/* Tells systemd, if it started us and wants to know (sd_notify(3), NOTIFY_SOCKET). */
void exp_notify(const char *state);

#endif /* CCWTOP_EXPORTER_NOTIFY_H */
