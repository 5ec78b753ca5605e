/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWTOP_EXPORTER_ACCEPT_H
#define CCWTOP_EXPORTER_ACCEPT_H

enum exp_format {
	EXP_TEXT, /* Prometheus' own, version 0.0.4 */
	EXP_OPENMETRICS, /* OpenMetrics 1.0 */
};

/*
 * Which of the two a client wants, by the Accept header of its request (RFC 9110, 12.5.1; NULL:
 * none). A client that takes neither gets text: saying no helps nobody.
 */
enum exp_format exp_accept(const char *header);

const char *exp_content_type(enum exp_format format);

#endif /* CCWTOP_EXPORTER_ACCEPT_H */
