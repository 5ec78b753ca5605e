PROGS += ccwtrace
ccwtrace_SRCS := $(addprefix tools/ccwtrace/, main.c cmd_record.c cmd_report.c report_gather.c \
	report_text.c report_csv.c report_json.c) tools/json.c tools/opt.c
ccwtrace_PKGS := json-c
ccwtrace_LIBS := ccw
