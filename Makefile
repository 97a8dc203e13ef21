# earshot: `make help` lists what there is to make.
#
# Nothing here may need more than make, bash and a Debian base system before `make deps` ran: what asks pkg-config is
# evaluated when the first file is compiled, not when this file is read.
SHELL := /bin/bash
# One build with sanitizers serves the tests under them and the fuzz targets, so it is clang's, which has both.
ifeq ($(origin CC),default)
CC := $(if $(SAN),clang,gcc)
endif
BUILD ?= build$(if $(SAN),/san)
FOLDERS ?= common/base common/text common/store common/rules crawler detector notifier console cli
PACKAGES := libcurl libxml-2.0 libcjson hiredis libhs libmicrohttpd libcrypto libutf8proc libpsl libidn2 libzstd libbrotlidec zlib icu-uc libpcre2-8 gumbo

# All cores, unless the caller says otherwise; a make inside make takes its share from the outer one.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=$(shell nproc 2>/dev/null || echo 2) --no-print-directory
endif
.DEFAULT_GOAL := all
# V=1 shows the commands; else one short line a file.
SAY = @$(if $(V),set -x;,$(if $(findstring s,$(firstword -$(MAKEFLAGS))),,echo "  $(1) $@";))
.DELETE_ON_ERROR:

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
HARDENING := -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS ?= -O2 -g
ifdef SAN
COMMA := ,
SANITIZERS := $(if $(findstring clang,$(CC)),fuzzer-no-link$(COMMA))address,undefined
# 170 programs are linked, each with the sanitizers' own code: -g1 (lines for stacks, all that anybody reads of it) and lld make that a third.
LINK_FLAGS := $(if $(findstring clang,$(CC)),-fuse-ld=lld)
CFLAGS := -DEARSHOT_SANITIZED -O1 -g1 -fno-omit-frame-pointer -fsanitize=$(SANITIZERS) -fno-sanitize-recover=undefined
HARDENING :=
endif
# A library's headers are its own affair: -isystem keeps our warnings to our code. Asked once, at the first use.
LIB_CFLAGS = $(eval LIB_CFLAGS := $$(patsubst -I%,-isystem %,$$(shell pkg-config --cflags $$(PACKAGES))))$(LIB_CFLAGS)
LIB_LIBS = $(eval LIB_LIBS := $$(shell pkg-config --libs $$(PACKAGES)) -llinear -lm)$(LIB_LIBS)
VERSION := $(shell cat VERSION 2>/dev/null || echo 0)
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -DEARSHOT_VERSION='"$(VERSION)"' -I. -Iinclude -I$(BUILD) $(LIB_CFLAGS) $(WARNINGS) $(HARDENING) $(CFLAGS)

SOURCES = $(sort $(foreach f,$(FOLDERS),$(wildcard $(f)/*.c)))
OBJECTS = $(SOURCES:%.c=$(BUILD)/obj/%.o)
MAIN = $(BUILD)/obj/cli/earshot.o
LIBRARY = $(BUILD)/libearshot.a
UNIT_SOURCES ?= $(sort $(wildcard tests/unit/test_*.c))
UNIT_BINARIES = $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)
FUZZ_BINARIES = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

# ---- build

.PHONY: all
all: $(BUILD)/earshot ## build build/earshot (CC=gcc|clang, SAN=1: clang, address + undefined-behaviour sanitizers, in build/san)

$(BUILD)/earshot: $(MAIN) $(LIBRARY)
	$(call SAY,link) $(CC) $(CFLAGS) $(LINK_FLAGS) -o $@ $^ $(LIB_LIBS)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS))
	@rm -f $@
	$(call SAY,ar  ) ar rcs $@ $^

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call SAY,cc  ) $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Compiler and flags of this folder: other ones make everything again. Says first what is not installed.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@command -v pkg-config >/dev/null && pkg-config --exists $(PACKAGES) || { tools/deps.sh --check build; exit 1; }
	@echo '$(subst ','"'"',$(CC) $(ALL_CFLAGS))' | cmp -s - $@ || echo '$(subst ','"'"',$(CC) $(ALL_CFLAGS))' > $@

.PHONY: FORCE
FORCE:

# The Traditional -> Simplified table, made from OpenCC's data at build time (libopencc is not linked into the product).
GEN_T2S_SOURCES := tools/gen_t2s.c common/base/utf8.c common/base/str.c common/base/arena.c common/base/buf.c common/base/err.c
$(BUILD)/gen_t2s: $(GEN_T2S_SOURCES) | $(BUILD)/flags
	@mkdir -p $(@D)
	$(call SAY,cc  ) gcc -std=c17 -O1 -D_GNU_SOURCE -I. -Iinclude $(WARNINGS) -o $@ $^ -lopencc -lm

$(BUILD)/gen/t2s_table.h: $(BUILD)/gen_t2s
	@mkdir -p $(@D)
	@$< >$@.new && mv $@.new $@

$(BUILD)/obj/common/text/hant.o: $(BUILD)/gen/t2s_table.h

# The trained model travels inside the binary; `make train` makes it, from texts that stand beside the checkout.
$(BUILD)/obj/common/text/weights_shipped.o: models/earshot.model
$(BUILD)/obj/detector/protected_shipped.o: models/protected.tsv
$(BUILD)/obj/detector/lessons_shipped.o: $(wildcard models/texts/posts_*.tsv)
$(BUILD)/obj/detector/stance_shipped.o: models/stance.model

.PHONY: train
train: all ## models/earshot.model from the labelled texts of ../shared/data/text, with held-out figures
	tools/train.sh $(BUILD)/earshot models/earshot.model

# The letters, pinyin syllables and split characters of the matcher, made from ICU's data and our own lists at build time.
GEN_BASE := $(filter-out tools/%,$(GEN_T2S_SOURCES))
$(BUILD)/gen_%: tools/gen_%.c $(GEN_BASE) common/text/hant.c $(BUILD)/gen/t2s_table.h | $(BUILD)/flags
	@mkdir -p $(@D)
	$(call SAY,cc  ) gcc -std=c17 -O1 -D_GNU_SOURCE -I. -Iinclude -I$(BUILD) $(WARNINGS) -o $@ $(filter %.c,$^) $$(pkg-config --libs icu-uc icu-i18n) -lm

GEN_TABLES := letters pinyin split
$(GEN_TABLES:%=$(BUILD)/gen/%_table.h): $(BUILD)/gen/%_table.h: $(BUILD)/gen_%
	@mkdir -p $(@D)
	@$< >$@.new && mv $@.new $@

$(foreach t,$(GEN_TABLES),$(eval $(BUILD)/obj/common/text/$(t).o: $(BUILD)/gen/$(t)_table.h))
$(BUILD)/gen_letters: common/text/other_writings.def
$(BUILD)/gen_pinyin: common/text/pinyin.def
$(BUILD)/gen_split: common/text/split.def common/text/letters.c $(BUILD)/gen/letters_table.h

# Files that travel inside the binary become C arrays: $(BUILD)/gen/NAME.h holds NAME[] and NAME_size.
$(BUILD)/embed: tools/embed.c | $(BUILD)/flags
	@mkdir -p $(@D)
	$(call SAY,cc  ) gcc -std=c17 -O1 $(WARNINGS) -o $@ $<

# The library of Redis functions is one text; its parts are files.
FUNCTIONS := $(addprefix common/store/functions,.lua _stories.lua _rulebooks.lua _guest.lua _websub.lua _boost.lua _erase.lua _corrections.lua)
$(BUILD)/gen/functions_lua.h: $(FUNCTIONS) $(BUILD)/embed
	@mkdir -p $(@D)
	@cat $(FUNCTIONS) > $(BUILD)/gen/functions.lua
	@$(BUILD)/embed $(basename $(@F)) $(BUILD)/gen/functions.lua > $@.new && mv $@.new $@

$(BUILD)/obj/common/store/functions.o: $(BUILD)/gen/functions_lua.h

# The engine rules, one array and one row of engine_files[] a file.
ENGINE_FILES = $(sort $(wildcard feeds/*.engine))
$(BUILD)/gen/engines.h: $(ENGINE_FILES) $(BUILD)/embed
	@mkdir -p $(@D)
	@{ for f in $(ENGINE_FILES); do $(BUILD)/embed engine_$$(basename $$f .engine) $$f; done; \
	echo 'static const struct { const char *path; const unsigned char *bytes; size_t n; } engine_files[] = {'; \
	for f in $(ENGINE_FILES); do n=engine_$$(basename $$f .engine); echo "{ \"$$f\", $$n, sizeof $$n - 1 },"; done; echo '};'; } > $@.new
	@mv $@.new $@

$(BUILD)/obj/crawler/extract_engine_parse.o: $(BUILD)/gen/engines.h

# The console's page: console/web/app.js becomes $(BUILD)/gen/web_app_js.h.
define EMBED_WEB
$(BUILD)/gen/web_%_$(1).h: console/web/%.$(1) $(BUILD)/embed
	@mkdir -p $$(@D)
	@$(BUILD)/embed $$(basename $$(@F)) $$< > $$@.new && mv $$@.new $$@
endef
$(foreach t,html js css,$(eval $(call EMBED_WEB,$(t))))

WEB_SOURCES = $(wildcard console/web/*.html console/web/*.js console/web/*.css)
$(BUILD)/obj/console/assets.o: $(foreach f,$(WEB_SOURCES),$(BUILD)/gen/web_$(subst .,_,$(notdir $(f))).h)

# Prints the documents that are made from tables.
$(BUILD)/gen_docs: $(BUILD)/obj/tools/gen_docs.o $(LIBRARY)
	$(call SAY,link) $(CC) $(CFLAGS) $(LINK_FLAGS) -o $@ $^ $(LIB_LIBS)

# What unit tests share: a redis-server of their own, and TEST=name to run one test of a file.
SUPPORT = $(patsubst %,$(BUILD)/obj/tests/support/%.o,redis_up one_test)

$(BUILD)/unit/%: tests/unit/%.c $(SUPPORT) $(LIBRARY)
	@mkdir -p $(@D)
	$(call SAY,cc  ) $(CC) $(ALL_CFLAGS) $(LINK_FLAGS) -MMD -MP -MF $@.d -o $@ $< $(SUPPORT) $(LIBRARY) -lcmocka $(LIB_LIBS)

.PHONY: unit-binaries
unit-binaries: $(UNIT_BINARIES)

.PHONY: fuzz-binaries
fuzz-binaries: $(FUZZ_BINARIES)

# Fuzz targets want clang, and a library built for them: make SAN=1 build/san/fuzz/fuzz_json
$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call SAY,cc  ) $(CC) $(ALL_CFLAGS) $(LINK_FLAGS) -fsanitize=fuzzer -MMD -MP -MF $@.d -o $@ $< $(LIBRARY) $(LIB_LIBS)

-include $(OBJECTS:.o=.d) $(SUPPORT:.o=.d) $(BUILD)/obj/tools/gen_docs.d $(UNIT_BINARIES:=.d) $(FUZZ_BINARIES:=.d)

# ---- two commands on a fresh machine

.PHONY: demo
demo: ## the whole road in a minute: set-up, build, a crisis on a small site, the alert (KEEP=1: stays until Ctrl-C)
	@tools/deps.sh build
	@$(MAKE) --quiet all
	@KEEP='$(KEEP)' EARSHOT='$(abspath $(BUILD)/earshot)' tests/demo/run.sh

.PHONY: test
test: ## set-up, build and all tests; ends with one line: N passed, N failed
	@tools/deps.sh build browser
	@tools/deps.sh mail || true # without it the test of mailboxes is skipped
	@FUZZ_SECONDS='$(FUZZ_SECONDS)' tests/run

# ---- parts

.PHONY: deps
deps: ## install what is missing (as root), or print the command that does
	@tools/deps.sh build

.PHONY: unit
unit: unit-binaries ## build and run the unit tests (T=test_str: one file)
	@set -e; for t in $(if $(T),$(BUILD)/unit/$(T),$(UNIT_BINARIES)); do $$t; done

.PHONY: lint
lint: ## the house rules a machine can hold
	@tests/run lint

.PHONY: san
san: ## the unit tests under address and undefined-behaviour sanitizers
	@tests/run san

.PHONY: fuzz
fuzz: ## each fuzz target for 30 s (FUZZ_SECONDS=600; tests/run fuzz/fuzz_json for one)
	@FUZZ_SECONDS='$(or $(FUZZ_SECONDS),30)' tests/run fuzz

.PHONY: flow
flow: ## the flow tests: real binary, real Redis, a fake web
	@tests/run flow

.PHONY: browser
browser: ## the console in Chromium
	@tools/deps.sh build browser
	@tests/run browser

.PHONY: bench
bench: all ## mentions a second through stream, detector and commit, against raw Redis
	$(BUILD)/earshot bench pipeline

.PHONY: soak
soak: all ## long forms: 120,000 posts through the roles, rounds of kills and power losses (some minutes; not part of make test)
	@tests/run soak

.PHONY: docs
docs: all $(BUILD)/gen_docs ## write the generated documents again
	@BUILD='$(BUILD)' tools/docs.sh

.PHONY: format
format: ## clang-format all C files in place
	clang-format -i $(foreach f,include/earshot $(FOLDERS) tools tests/unit tests/fuzz tests/support,$(wildcard $(f)/*.[ch]))

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
.PHONY: install
install: all ## install binary, rules, feeds and an example configuration (DESTDIR=, PREFIX=)
	install -D -m 755 $(BUILD)/earshot $(DESTDIR)$(PREFIX)/bin/earshot
	install -d $(DESTDIR)$(PREFIX)/share/earshot/rules $(DESTDIR)$(PREFIX)/share/earshot/feeds
	install -m 644 $(wildcard rules/*) $(DESTDIR)$(PREFIX)/share/earshot/rules
	$(if $(wildcard feeds/*),install -m 644 $(wildcard feeds/*) $(DESTDIR)$(PREFIX)/share/earshot/feeds)
	install -d $(DESTDIR)$(SYSCONFDIR)/earshot
	sed 's|^\(#* *\)rules = rules|\1rules = $(PREFIX)/share/earshot/rules|; s|^\(#* *\)feeds = feeds|\1feeds = $(PREFIX)/share/earshot/feeds|' \
		earshot.conf.example > $(DESTDIR)$(SYSCONFDIR)/earshot/earshot.conf.example

.PHONY: clean
clean: ## remove what was built
	rm -rf build

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16
