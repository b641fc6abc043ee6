# cpprof's build. GNU make, one file. The usual calls:
#
#   make                            build/cpprof
#   make test                       install what the tests need, build, run everything
#   make demo                       install what the build needs, build, show real profiles
#   make SAN=address,undefined      build/san-address-undefined/cpprof; SAN=thread likewise
#   make CC=clang V=1               another compiler; print whole commands
#   make races                      look for data races with ThreadSanitizer
#   make stress                     the collector's long tests, and 100,000 keys for the terminal UI
#   make aarch64                    compile the collector for AArch64, test its unwinder under qemu
#   make install PREFIX=/usr/local DESTDIR=     and uninstall
#   make fuzz FUZZ_SECONDS=60       every tests/fuzz/fuzz_*.c for that long
#   make bench BENCH=quick          measure against zlib and, where installed, go tool pprof
#   make format, lint, clean
#   make BUILD=/tmp/b               build somewhere else

ifeq ($(origin CC),default)
CC := gcc
endif
CFLAGS ?= -O2 -g
WERROR ?= -Werror
SAN ?=
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
BENCH ?=
V ?=

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-5s %s\n'
MAKEFLAGS += --no-print-directory
endif

# --- where things go: an object folder per compiler and sanitizer, so that switching needs no clean

empty :=
space := $(empty) $(empty)
comma := ,

OUT := $(BUILD)$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))
OBJ := $(OUT)/obj/$(subst /,-,$(subst $(space),-,$(strip $(CC))))
GEN := $(BUILD)/gen
BIN := $(OUT)/cpprof
UNIT := $(OUT)/unit-tests

# --- flags

CPPFLAGS_ALL := -D_GNU_SOURCE -I. -I$(GEN) $(CPPFLAGS)
CFLAGS_ALL := -std=gnu17 -Wall -Wextra $(WERROR) -fwrapv $(CFLAGS)
LDFLAGS_ALL := $(LDFLAGS)
# libdw, capstone, libgvc and debuginfod are loaded by the commands that need them (base/dynlib.h).
LIBS := -lprotobuf-c -lz -lzstd -lpcre2-8 -ljansson -liberty -lm -lpthread -ldl

ifneq ($(SAN),)
CFLAGS_ALL += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
LDFLAGS_ALL += -fsanitize=$(SAN)
endif

# --- sources, in the order data moves: source → profile → transform → graph → report → render

PROTO := proto/inflate.c proto/deflate.c
BASE := $(addprefix analyzer/base/, \
	alloc.c arena.c buf.c dynlib.c error.c hashindex.c idmap.c interrupts.c isolate.c lines.c pairmap.c parallel.c \
	path.c pdqsort.c re2class.c re2literal.c re2print.c re2reader.c re2runes.c re2simplify.c re2syntax.c re2tree.c \
	regex.c strtab.c suggest.c units.c utf8.c)
SOURCE := $(addprefix analyzer/source/, \
	chunks.c source.c sourcefile.c whole.c)
BINARY := $(addprefix analyzer/binary/, \
	answer.c binary.c cfi.c debuginfo.c debuginfod.c demangle.c demangle_cxx.c demangle_dlang.c demangle_edit.c \
	demangle_rust.c demangle_tree.c dies.c disasm.c dw.c dwarf_expression.c find.c frames.c \
	functions.c intervals.c kernel.c linetable.c lookup.c place.c plt.c ranges.c rust_cost.c symbol_map.c symbols.c \
	unwind.c vdso.c)
PROFILE := $(addprefix analyzer/profile/, \
	builder.c clone.c cpuprofile.c decode.c decode_resolve.c decode_wire.c encode.c firefox.c \
	firefox_tables.c folded.c formats.c framename.c jsontree.c legacy.c legacy_contention.c \
	legacy_cpu.c legacy_frames.c legacy_gocount.c legacy_heap.c legacy_java.c legacy_maps.c \
	legacy_remap.c legacy_scan.c legacy_threadz.c perfdata.c perfdata_chain.c perfdata_events.c \
	perfdata_features.c perfdata_file.c perfdata_inflate.c perfdata_order.c \
	perfdata_processes.c perfdata_registers.c perfdata_sample.c perfdata_spaces.c \
	perfdata_stacks.c perfdata_unwind.c perfscript.c perfscript_line.c prefixtree.c profile.c \
	speedscope.c tagunits.c threadlabels.c)
TRANSFORM := $(addprefix analyzer/transform/, \
	aggregate.c base.c compact.c filter.c flatten.c fold.c match.c merge.c name_writer.c prune.c relabel.c rename.c renumber.c \
	scale.c step.c symbolize.c symbolize_binaries.c symbolize_maps.c tagfilter.c tagroot.c)
LIVE := $(addprefix analyzer/live/, \
	build_id.c capture.c events.c procfs.c records.c refusal.c ring.c stacks.c stop.c unwindlib.c)
GRAPH := $(addprefix analyzer/graph/, \
	calltree.c graph.c neighbors.c nodes.c nodetags.c order.c pairs.c sites.c tagtexts.c trim.c weights.c)
REPORT := $(addprefix analyzer/report/, \
	assembly.c callgraph.c codefiles.c codelines.c coderanges.c diff.c flame.c function.c header.c hosts.c \
	info.c inlines.c listing.c losses.c number.c peek.c report.c sandwich.c stackgroups.c tags.c top.c topproto.c traces.c tree.c \
	weblist.c weblist_sums.c)
RENDER := $(addprefix analyzer/render/, \
	callgrind.c columns.c convert.c cpuprofile.c csv.c dot.c dot_text.c firefox.c firefox_tables.c \
	flame_data.c flame_html.c flame_svg.c folded.c hue.c json.c json_writer.c layout.c markup.c \
	out.c page.c palette.c picture.c proto.c raw.c shorten.c speedscope.c svg.c text.c \
	text_assembly.c text_diff.c text_listing.c text_stackgroups.c weblist_html.c)
MAIN := analyzer/cli/main.c
CLI := $(addprefix analyzer/cli/, \
	attach.c binary_arg.c browser.c child.c command_text.c commands.c completion.c config.c convert.c diff.c flags.c \
	flame.c help.c history.c launch.c lineedit.c load.c makers.c manual.c option_choices.c option_table.c options.c pipeline.c \
	process_arg.c profilecmd.c record.c record_output.c session.c settings.c shell.c shell_complete.c shell_help.c shell_loop.c \
	shell_parse.c shell_report.c shell_words.c spool.c suggest.c terminal.c threads.c values.c)

# The terminal UI: loads ncursesw when it starts.
TUI := $(addprefix tui/, \
	amounts.c app.c app_act.c app_build.c app_draw.c app_find.c app_shell.c \
	assembly_rows.c canvas.c cell_paths.c clipboard.c code_model.c colors.c command_line.c export.c \
	flame_frame.c flame_layout.c flame_pane.c help.c hot_list.c keys.c label_rows.c list.c marks.c \
	name_fit.c pager.c prompt.c restore.c scene.c screen.c search.c sides.c source_rows.c steps.c \
	top_rows.c tree_rows.c value_columns.c view_assembly.c view_flame.c view_info.c view_labels.c \
	view_peek.c view_sandwich.c view_source.c view_top.c view_tree.c views.c walk.c worker.c wrap.c)

PROTO_C := $(GEN)/proto/profile.pb-c.c
PROTO_H := $(GEN)/proto/profile.pb-c.h

# What pages consist of, turned into C.
ASSETS := $(addprefix analyzer/render/assets/, \
	flame.css flame.html flame.svg flame_model.js flame_page.js flame_svg.css flame_svg.js \
	flame_view.js graph.css graph.js theme.css weblist.css weblist.html weblist.js)
ASSETS_C := $(GEN)/assets.c
ASSETS_H := $(GEN)/assets.h
GENERATED_H := $(PROTO_H) $(ASSETS_H)

# The collector: a library for other people's programs, which shares only proto/ with the rest.
COLLECTOR := $(addprefix collector/, \
	blocked.c builder.c builder_encode.c calls.c cfi.c contention.c counted.c counted_kinds.c \
	cpu.c custom.c forks.c framepointer.c heap.c heap_live.c heap_profile.c hooks.c hooks_lock.c \
	hooks_malloc.c hooks_signal.c housekeeper.c http.c http_address.c http_host.c \
	http_library.c http_requests.c index.c kind_write.c kinds.c label_api.c labels.c lookup.c mappings.c \
	memory.c modules.c names.c page.c page_index.c page_kind.c page_query.c page_recording.c pages.c \
	relay.c spool.c stacks.c stackset.c threadcreate.c threads.c threadstacks.c ticks.c trace.c \
	trace_events.c trace_file.c trace_sched.c trace_text.c unwind.c writer.c)
PRELOAD := $(addprefix collector/, hooks_end.c mainend.c preload.c)
COLLECTOR_TEST_SRC := $(wildcard tests/collector/*.c tests/collector/*.cc)

# The analyzer is everything but main(); cpprof, the unit tests and the fuzzers link the same objects.
ANALYZER := $(PROTO) $(BASE) $(SOURCE) $(BINARY) $(PROFILE) $(TRANSFORM) $(LIVE) $(GRAPH) $(REPORT) $(RENDER) $(CLI) $(TUI)
UNIT_SRC := $(wildcard tests/unit/*.c tests/unit/*/*.c)
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)

objects = $(patsubst %.c,$(1)/%.o,$(2)) $(addprefix $(1)/gen/, assets.o proto/profile.pb-c.o)
ANALYZER_OBJ := $(call objects,$(OBJ),$(ANALYZER))
MAIN_OBJ := $(MAIN:%.c=$(OBJ)/%.o)
UNIT_OBJ := $(UNIT_SRC:%.c=$(OBJ)/%.o)

# --- building

.PHONY: all objects unit collector collector-tests unwind-test aarch64 aarch64-build aarch64-objects races stress test demo install uninstall docs fuzz bench format format-check lint clean FORCE

all: $(BIN) collector

objects: $(ANALYZER_OBJ)

unit: $(UNIT)

$(BIN): $(ANALYZER_OBJ) $(MAIN_OBJ) $(OUT)/.link
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(LIBS)

$(UNIT): $(ANALYZER_OBJ) $(UNIT_OBJ) $(OUT)/.link
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) -lcunit $(LIBS)

$(OBJ)/%.o: %.c $(OBJ)/.flags | $(GENERATED_H)
	@mkdir -p $(@D)
	$(say) CC "$<"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(OBJ)/gen/%.o: $(GEN)/%.c $(OBJ)/.flags | $(GENERATED_H)
	@mkdir -p $(@D)
	$(say) CC "$<"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(PROTO_C) $(PROTO_H) &: proto/profile.proto
	@mkdir -p $(GEN)
	$(say) GEN $(PROTO_C)
	$(Q)protoc-c --c_out=$(GEN) $<

$(ASSETS_H): $(GEN)/.assets
	$(say) GEN $@
	$(Q)scripts/embed-assets h $(ASSETS) >$@

$(ASSETS_C): $(GEN)/.assets $(ASSETS)
	$(say) GEN $@
	$(Q)scripts/embed-assets c $(ASSETS) >$@

# --- the collector: position-independent, and nothing visible but what cpprof.h declares

PIC := $(OUT)/pic/$(subst /,-,$(subst $(space),-,$(strip $(CC))))
SONAME := libcpprof.so.0
LIB_SO := $(OUT)/libcpprof.so
LIB_A := $(OUT)/libcpprof.a
PRELOAD_SO := $(OUT)/libcpprof-preload.so
PRELOAD_OBJ := $(PRELOAD:%.c=$(PIC)/%.o)
PIC_OBJ := $(COLLECTOR:%.c=$(PIC)/%.o) $(PIC)/gen/proto/profile.pb-c.o
PIC_FLAGS := -fPIC -fvisibility=hidden -ftls-model=initial-exec

collector: $(LIB_SO) $(LIB_A) $(PRELOAD_SO)

# zlib and protobuf-c come along inside, hidden, so that the program's own ones stay what they are.
# It is never unloaded: a signal may be on its way to the handler.
LINK_SO = $(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -shared -Wl,-z,nodelete,-z,defs \
    -Wl,--exclude-libs,ALL -o $@ $(filter %.o,$^) -l:libprotobuf-c.a -l:libz.a -lm -lpthread -ldl

$(LIB_SO): $(PIC_OBJ) $(OUT)/.link
	$(say) LINK $@
	$(Q)$(LINK_SO) -Wl,-soname,$(SONAME)
	$(Q)ln -sf $(notdir $@) $(OUT)/$(SONAME)

$(PRELOAD_SO): $(PIC_OBJ) $(PRELOAD_OBJ) $(OUT)/.link
	$(say) LINK $@
	$(Q)$(LINK_SO)

$(LIB_A): $(PIC_OBJ)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(PIC)/%.o: %.c $(PIC)/.flags | $(GENERATED_H)
	@mkdir -p $(@D)
	$(say) CC "$< (pic)"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(PIC_FLAGS) -MMD -MP -c -o $@ $<

$(PIC)/gen/%.o: $(GEN)/%.c $(PIC)/.flags | $(GENERATED_H)
	@mkdir -p $(@D)
	$(say) CC "$< (pic)"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(PIC_FLAGS) -MMD -MP -c -o $@ $<

# Each file in tests/collector is a program that uses the shared library.
CXX ?= g++
COLLECTOR_TESTS := $(patsubst tests/collector/%,$(OUT)/tests/%,$(basename $(COLLECTOR_TEST_SRC)))
TEST_FLAGS = $(CPPFLAGS_ALL) -Icollector -Wall -Wextra $(WERROR) -O2 -g $(if $(SAN),-fsanitize=$(SAN))

# Each file in tests/hosts is a program that knows nothing of profiles, but for plugin.c: libraries
# one of them loads.
HOSTS := $(patsubst tests/hosts/%,$(OUT)/tests/hosts/%,$(basename \
	$(filter-out %/plugin.c,$(wildcard tests/hosts/*.c tests/hosts/*.cc)))) \
	$(foreach n,1 2 3,$(OUT)/tests/hosts/plugin$(n).so)

collector-tests: collector $(COLLECTOR_TESTS) $(HOSTS)

$(OUT)/tests/hosts/plugin%.so: tests/hosts/plugin.c tests/hosts/work.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_FLAGS) -std=gnu17 -DNUMBER=$* -fPIC -shared -o $@ $<

$(OUT)/tests/hosts/%: tests/hosts/%.c tests/hosts/work.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_FLAGS) -std=gnu17 -o $@ $< -lpthread -ldl

$(OUT)/tests/hosts/%: tests/hosts/%.cc tests/hosts/work.h
	@mkdir -p $(@D)
	$(say) CXX $@
	$(Q)$(CXX) $(TEST_FLAGS) -std=c++17 -o $@ $< -lpthread

# ThreadSanitizer stands after our hooks only in programs that take us in. It has the lock functions
# as well, so that nothing would fetch ours out of the archive; and not for programs that wait for
# conditions, whose real functions we find behind its back.
COLLECTOR_LIBS = $(if $(findstring thread,$(SAN)), \
	$(LOCK_HOOKS) $(LIB_A) -lprotobuf-c -lz -lm -ldl, \
	-L$(OUT) -lcpprof -Wl$(comma)-rpath$(comma)$(abspath $(OUT))) -lpthread

$(addprefix $(OUT)/tests/,crowd first starts): LOCK_HOOKS := $(PIC)/collector/hooks_lock.o
$(OUT)/tests/%: tests/collector/%.c tests/collector/checks.h $(LIB_SO) $(LIB_A)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_FLAGS) -std=c11 -o $@ $< $(COLLECTOR_LIBS)

$(OUT)/tests/%: tests/collector/%.cc $(LIB_SO) $(LIB_A)
	@mkdir -p $(@D)
	$(say) CXX $@
	$(Q)$(CXX) $(TEST_FLAGS) -std=c++17 -o $@ $< $(COLLECTOR_LIBS)

# The unwinder on stacks that are known: functions compiled in every way to keep their frames.
UNWIND_OUT := $(OUT)/tests/unwind
UNWIND_KINDS := bare framed sealed untold
UNWIND_OBJ := $(UNWIND_KINDS:%=$(UNWIND_OUT)/%.o)
AARCH64_CC ?= aarch64-linux-gnu-gcc
IS_AARCH64 = $(findstring aarch64,$(shell $(CC) -dumpmachine))
KIND_bare := -fomit-frame-pointer
KIND_framed := -fno-omit-frame-pointer
KIND_sealed := $(if $(IS_AARCH64),-mbranch-protection=standard)
KIND_untold := -fno-omit-frame-pointer \
               -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-exceptions -DLEAF_HAS_FRAME

unwind-test: $(UNWIND_OUT)/chains $(if $(IS_AARCH64),,$(UNWIND_OUT)/agree $(UNWIND_OUT)/loaded.so)

$(UNWIND_OBJ): $(UNWIND_OUT)/%.o: tests/unwind/link.c tests/unwind/links.h $(PIC)/.flags
	@mkdir -p $(@D)
	$(say) CC "$< ($*)"
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=gnu17 -Wall -Wextra $(WERROR) -O2 -fno-optimize-sibling-calls \
	    $(KIND_$*) -DKIND=$* -c -o $@ $<

# Bound lazily, so that the loader's part is on the stack as well; visible, so that names are known.
UNWINDER_OBJ := $(addprefix $(PIC)/collector/, cfi.o modules.o unwind.o)
$(UNWIND_OUT)/chains: tests/unwind/chains.c tests/unwind/links.h $(UNWIND_OBJ) $(UNWINDER_OBJ)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_FLAGS) -std=gnu17 -fno-optimize-sibling-calls -rdynamic -Wl,-z,lazy -o $@ \
	    $< $(UNWIND_OBJ) $(UNWINDER_OBJ) -lpthread -ldl

# The unwinder beside libunwind, on what is interrupted anywhere.
$(UNWIND_OUT)/agree: $(addprefix tests/unwind/, agree.c agree_work.c agree_throwing.cc agree.h links.h) \
    $(UNWIND_OUT)/bare.o $(UNWIND_OUT)/framed.o $(LIB_A)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_FLAGS) -std=gnu17 -c -o $@-stacks.o tests/unwind/agree.c
	$(Q)$(CC) $(TEST_FLAGS) -std=gnu17 -c -o $@-work.o tests/unwind/agree_work.c
	$(Q)$(CXX) $(TEST_FLAGS) -std=c++17 -c -o $@-throwing.o tests/unwind/agree_throwing.cc
	$(Q)$(CXX) $(TEST_FLAGS) -rdynamic -Wl,-z,lazy -o $@ $@-stacks.o $@-work.o $@-throwing.o \
	    $(filter %.o %.a,$^) -lprotobuf-c -lz -lm -lpthread -ldl

# Without the compiler's start files: for their code nobody has rules.
$(UNWIND_OUT)/loaded.so: tests/unwind/link.c tests/unwind/links.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=gnu17 -Wall -Wextra $(WERROR) -O2 -fno-optimize-sibling-calls \
	    -fomit-frame-pointer -DKIND=loaded -fPIC -shared -nostartfiles -Wl,-z,lazy -o $@ $<

# The collector for AArch64, every file of it. Debian has zlib's and protobuf-c's libraries for its
# own processor only, so their headers are used (they are the same), and what is linked needs
# neither.
HERE = $(shell gcc -print-multiarch 2>/dev/null)
aarch64:
	@CC='$(CC)' scripts/install-deps test
	@$(MAKE) $(jobs) unwind-test aarch64-build
	@CPPROF=$(BIN) tests/unwind/run-chains

aarch64-build:
	@$(MAKE) BUILD=$(BUILD)/aarch64 CC=$(AARCH64_CC) AR=$(AARCH64_CC:%gcc=%ar) SAN= \
	    CPPFLAGS='-idirafter /usr/include -idirafter /usr/include/$(HERE)' aarch64-objects

aarch64-objects: $(LIB_A) $(PRELOAD_OBJ) $(UNWIND_OUT)/chains

# Files that hold the flags in use and change only when they do: their dependents follow.
remember = @mkdir -p $(@D); echo '$(1)' | cmp -s - $@ || echo '$(1)' >$@
$(OBJ)/.flags: FORCE
	$(call remember,$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL))
$(GEN)/.assets: scripts/embed-assets FORCE
	$(call remember,$(shell cksum <scripts/embed-assets) $(ASSETS))
$(PIC)/.flags: FORCE
	$(call remember,$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(PIC_FLAGS))
$(OUT)/.link: FORCE
	$(call remember,$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(LIBS) $(ANALYZER) $(UNIT_SRC))

# --- testing and showing

# Recursive, because the tools of the build may be what install-deps has yet to install; on all
# processors, unless the caller chose.
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$$(nproc))

test:
	@CC='$(CC)' scripts/install-deps test
	@$(MAKE) $(jobs) all unit collector-tests unwind-test
	@! command -v $(AARCH64_CC) >/dev/null || $(MAKE) $(jobs) aarch64-build
	@tests/run $(BIN) $(UNIT)

races:
	@CC='$(CC)' scripts/install-deps test
	@$(MAKE) $(jobs) SAN=thread all unit collector-tests
	@tests/races $(BUILD)/san-thread/cpprof $(BUILD)/san-thread/unit-tests

stress:
	@CC='$(CC)' scripts/install-deps test
	@$(MAKE) $(jobs) all collector-tests unwind-test
	@STRESS=1 CPPROF=$(BIN) tests/collector/run-collector
	@STRESS=1 CPPROF=$(BIN) tests/unwind/run-agree
	@STRESS=1 CPPROF=$(BIN) tests/hosts/run-hosts
	@$(MAKE) $(jobs) SAN=address all
	@STRESS=1 CPPROF=$(BUILD)/san-address/cpprof tests/tui/run-monkey

demo:
	@CC='$(CC)' scripts/install-deps build
	@$(MAKE) $(jobs) all
	@scripts/demo $(BIN)

bench: all
	@CPPROF=$(BIN) BENCH=$(BENCH) CC='$(CC)' tests/bench/run

# --- fuzzing: clang's libFuzzer with ASan and UBSan, in its own object folder

FUZZ_CC ?= clang
FUZZ_OUT := $(BUILD)/fuzz
FUZZ_OBJ := $(FUZZ_OUT)/obj
FUZZ_FLAGS := $(CPPFLAGS_ALL) -std=gnu17 -Wall -Wextra -fwrapv -O1 -g -fno-omit-frame-pointer \
              -fno-sanitize-recover=all
FUZZ_BIN := $(FUZZ_SRC:tests/fuzz/%.c=$(FUZZ_OUT)/%)
FUZZ_ANALYZER_OBJ := $(call objects,$(FUZZ_OBJ),$(ANALYZER))

fuzz:
	@scripts/install-deps fuzz
	@$(MAKE) $(jobs) fuzzers
	@tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ_BIN)

.PHONY: fuzzers
fuzzers: $(FUZZ_BIN)

$(FUZZ_BIN): $(FUZZ_OUT)/%: $(FUZZ_OBJ)/tests/fuzz/%.o $(FUZZ_ANALYZER_OBJ)
	$(say) LINK $@
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS)

$(FUZZ_OBJ)/%.o: %.c $(FUZZ_OBJ)/.flags | $(GENERATED_H)
	@mkdir -p $(@D)
	$(say) CC "$< (fuzz)"
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<

$(FUZZ_OBJ)/gen/%.o: $(GEN)/%.c $(FUZZ_OBJ)/.flags | $(GENERATED_H)
	@mkdir -p $(@D)
	$(say) CC "$< (fuzz)"
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<

$(FUZZ_OBJ)/.flags: FORCE
	$(call remember,$(FUZZ_CC) $(FUZZ_FLAGS))

# --- installing; the man page and the completions are printed by the binary from its own tables

DOCS := $(OUT)/cpprof.1 $(OUT)/cpprof.bash $(OUT)/cpprof.zsh $(OUT)/cpprof.fish
docs: $(DOCS)

$(OUT)/cpprof.1: $(BIN)
	$(say) GEN $@
	$(Q)$(BIN) help --man >$@

$(OUT)/cpprof.bash $(OUT)/cpprof.zsh $(OUT)/cpprof.fish: $(OUT)/cpprof.%: $(BIN)
	$(say) GEN $@
	$(Q)$(BIN) completion $* >$@

BIN_DIR := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share
LIB_DIR := $(DESTDIR)$(PREFIX)/lib
INSTALLED := $(BIN_DIR)/cpprof \
             $(SHARE)/man/man1/cpprof.1 \
             $(SHARE)/bash-completion/completions/cpprof \
             $(SHARE)/zsh/site-functions/_cpprof \
             $(SHARE)/fish/vendor_completions.d/cpprof.fish \
             $(LIB_DIR)/$(SONAME) \
             $(LIB_DIR)/libcpprof.a \
             $(DESTDIR)$(PREFIX)/include/cpprof.h \
             $(LIB_DIR)/pkgconfig/cpprof.pc \
             $(LIB_DIR)/libcpprof-preload.so \
             $(LIB_DIR)/libcpprof.so

$(OUT)/cpprof.pc: collector/cpprof.pc.in Makefile
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|' -e "s|@VERSION@|$$($(BIN) version | sed 's/[^0-9]*//')|" $< >$@

install: $(BIN) $(DOCS) collector $(OUT)/cpprof.pc
	$(say) $(foreach f,$(INSTALLED),INST "$(f)")
	$(Q)install -D -m 755 $(BIN) $(word 1,$(INSTALLED))
	$(Q)install -D -m 644 $(OUT)/cpprof.1 $(word 2,$(INSTALLED))
	$(Q)install -D -m 644 $(OUT)/cpprof.bash $(word 3,$(INSTALLED))
	$(Q)install -D -m 644 $(OUT)/cpprof.zsh $(word 4,$(INSTALLED))
	$(Q)install -D -m 644 $(OUT)/cpprof.fish $(word 5,$(INSTALLED))
	$(Q)install -D -m 755 $(LIB_SO) $(word 6,$(INSTALLED))
	$(Q)install -D -m 644 $(LIB_A) $(word 7,$(INSTALLED))
	$(Q)install -D -m 644 collector/cpprof.h $(word 8,$(INSTALLED))
	$(Q)install -D -m 644 $(OUT)/cpprof.pc $(word 9,$(INSTALLED))
	$(Q)install -D -m 755 $(PRELOAD_SO) $(word 10,$(INSTALLED))
	$(Q)ln -sf $(SONAME) $(word 11,$(INSTALLED))

uninstall:
	$(say) $(foreach f,$(INSTALLED),RM "$(f)")
	$(Q)rm -f $(INSTALLED)

# --- keeping the code in shape

TRACKED_C = $(shell git ls-files '*.c' '*.h')

format:
	$(say) FMT "tracked C files"
	$(Q)clang-format -i $(TRACKED_C)

format-check:
	$(say) FMT "check"
	$(Q)clang-format --dry-run -Werror $(TRACKED_C)

LINT_SRC := $(ANALYZER) $(COLLECTOR) $(PRELOAD) $(MAIN) $(UNIT_SRC) $(FUZZ_SRC) $(wildcard tests/bench/*.c)

lint:
	@scripts/install-deps lint
	@$(MAKE) $(jobs) $(GENERATED_H)
	$(say) TIDY "$(words $(LINT_SRC)) files"
	$(Q)printf '%s\n' $(LINT_SRC) | xargs -P 2 -n 8 sh -c \
	    'clang-tidy --quiet "$$@" -- -std=gnu17 $(CPPFLAGS_ALL) 2>/dev/null' clang-tidy
	$(say) CHECK "$(words $(LINT_SRC)) files"
	$(Q)cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 -j 2 \
	    --enable=warning,performance,portability --suppress=missingIncludeSystem \
	    --suppress=missingInclude --suppress=preprocessorErrorDirective -D_GNU_SOURCE \
	    -I. $(LINT_SRC)

clean:
	$(say) RM $(BUILD)
	$(Q)rm -rf $(BUILD)

DEPS := $(ANALYZER_OBJ) $(MAIN_OBJ) $(PIC_OBJ) $(PRELOAD_OBJ) $(UNIT_OBJ) $(FUZZ_ANALYZER_OBJ) \
        $(FUZZ_SRC:%.c=$(FUZZ_OBJ)/%.o)
-include $(DEPS:.o=.d)
