PROGS += ccwtrace
ccwtrace_SRCS := $(addprefix tools/ccwtrace/, main.c cmd_record.c record_options.c record_show.c record_trigger.c record_live.c cmd_report.c cmd_export.c report_gather.c \
	report_text.c report_csv.c report_json.c \
	html.c html_gather.c html_json.c html_tables.c html_page.c \
	cmd_replay.c replay_text.c replay_load.c replay_pace.c replay_areas.c replay_memory.c replay_device.c \
	replay_print.c) tools/json.c tools/opt.c tools/units.c
# verbs that look into a recording
ccwtrace_SRCS += $(addprefix tools/ccwtrace/, reader.c cmd_stat.c cmd_hist.c hist_heat.c \
	cmd_errors.c cmd_fsm.c cmd_slow.c slow_detail.c cmd_diff.c)
ccwtrace_PKGS := json-c libprotobuf-c
ccwtrace_LIBS := ccw ccwdev
# events and I/Os one by one; other forms of files
ccwtrace_SRCS += $(addprefix tools/ccwtrace/, walk.c rows.c rows_io.c rows_json.c cmd_show.c output.c \
	cmd_repair.c cmd_check.c env.c cmd_info.c info_gather.c info_print.c)
ccwtrace_SRCS += $(addprefix tools/ccwtrace/, export_perfetto.c tracks.c export_chrome.c \
	export_rows.c)

# The page of the HTML report. Its plotting library comes from npm, which only those goals wait for
# that want all of ccwtrace; others take it if it has been fetched before.
HTML_WANTED := $(filter all html native install install-programs check check-% bench,$(or $(MAKECMDGOALS),all))
HTML_PARTS := $(wildcard tools/ccwtrace/html/*)
HTML_CACHED := $(wildcard $(CACHE)/npm/uplot-*.tgz)
build/html/page.html: $(HTML_PARTS) $(HTML_CACHED) $(if $(HTML_CACHED),,$(if $(HTML_WANTED),FORCE)) | deps
	$(call say,HTML,$@)
	$(Q)tools/ccwtrace/html/assemble $(if $(HTML_WANTED),,--cached) $(CACHE) $@
$(TOOL_DIRS:%=build/%/obj/ccwtrace/tools/ccwtrace/html_page.o): build/html/page.html

.PHONY: FORCE
FORCE:

# Perfetto's messages: the schema's part that is used, made into C.
ccwtrace_SRCS += build/gen/tools/ccwtrace/perfetto.pb-c.c
ccwtrace_CPPFLAGS := -Ibuild/gen
build/gen/%.pb-c.c build/gen/%.pb-c.h: %.proto | deps
	$(call say,PROTO,build/gen/$*.pb-c.c)
	$(Q)mkdir -p $(dir build/gen/$*)
	$(Q)protoc-c --c_out=build/gen $<
$(TOOL_DIRS:%=build/%/obj/ccwtrace/tools/ccwtrace/export_perfetto.o): build/gen/tools/ccwtrace/perfetto.pb-c.h
$(TOOL_DIRS:%=build/%/obj/ccwtrace/build/gen/tools/ccwtrace/perfetto.pb-c.o): build/gen/tools/ccwtrace/perfetto.pb-c.h
