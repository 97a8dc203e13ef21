# earshot: `make help` lists what there is to make.
#   CC=gcc|clang   SAN=1 (address + undefined-behaviour sanitizers)   BUILD=folder   FOLDERS="common/base …" (a part of the tree)
SHELL := /bin/bash
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build$(if $(SAN),/san)
FOLDERS ?= common/base common/text common/store crawler detector notifier console cli
PACKAGES := libcurl libxml-2.0 libcjson hiredis libhs libmicrohttpd libcrypto libutf8proc libpsl libidn2

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
HARDENING := -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS ?= -O2 -g
ifdef SAN
CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
HARDENING :=
endif
# A library's headers are its own affair: -isystem keeps our warnings to our code.
LIB_CFLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null))
LIB_LIBS = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm
VERSION := $(shell cat VERSION 2>/dev/null || echo 0)
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -DEARSHOT_VERSION='"$(VERSION)"' -I. -Iinclude -I$(BUILD) $(LIB_CFLAGS) $(WARNINGS) $(HARDENING) $(CFLAGS)

SOURCES = $(sort $(foreach f,$(FOLDERS),$(wildcard $(f)/*.c)))
OBJECTS = $(SOURCES:%.c=$(BUILD)/obj/%.o)
MAIN = $(BUILD)/obj/cli/earshot.o
LIBRARY = $(BUILD)/libearshot.a
UNIT_SOURCES ?= $(sort $(wildcard tests/unit/test_*.c))
UNIT_BINARIES = $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)

.PHONY: all
all: $(BUILD)/earshot

$(BUILD)/earshot: $(MAIN) $(LIBRARY)
	$(CC) $(CFLAGS) -o $@ $^ $(LIB_LIBS)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS))
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The Traditional -> Simplified table, made from OpenCC's data at build time (libopencc is not linked into the product).
GEN_T2S_SOURCES := tools/gen_t2s.c common/base/utf8.c common/base/str.c common/base/arena.c common/base/buf.c common/base/err.c
$(BUILD)/gen_t2s: $(GEN_T2S_SOURCES)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $^ -lopencc

$(BUILD)/gen/t2s_table.h: $(BUILD)/gen_t2s
	@mkdir -p $(@D)
	$< >$@.new && mv $@.new $@

$(BUILD)/obj/common/text/hant.o: $(BUILD)/gen/t2s_table.h

# Files that travel inside the binary become C arrays: $(BUILD)/gen/NAME.h holds NAME[] and NAME_size.
$(BUILD)/embed: tools/embed.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -O1 $(WARNINGS) -o $@ $<

$(BUILD)/gen/functions_lua.h: common/store/functions.lua $(BUILD)/embed
	@mkdir -p $(@D)
	$(BUILD)/embed $(basename $(@F)) $< > $@.new && mv $@.new $@

$(BUILD)/obj/common/store/functions.o: $(BUILD)/gen/functions_lua.h

# The console's page: console/web/app.js becomes $(BUILD)/gen/web_app_js.h.
define EMBED_WEB
$(BUILD)/gen/web_%_$(1).h: console/web/%.$(1) $(BUILD)/embed
	@mkdir -p $$(@D)
	$(BUILD)/embed $$(basename $$(@F)) $$< > $$@.new && mv $$@.new $$@
endef
$(foreach t,html js css,$(eval $(call EMBED_WEB,$(t))))

WEB_SOURCES = $(wildcard console/web/*.html console/web/*.js console/web/*.css)
$(BUILD)/obj/console/assets.o: $(foreach f,$(WEB_SOURCES),$(BUILD)/gen/web_$(subst .,_,$(notdir $(f))).h)

# What unit tests share (a redis-server of their own).
SUPPORT = $(BUILD)/obj/tests/support/redis_up.o

$(BUILD)/unit/%: tests/unit/%.c $(SUPPORT) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(SUPPORT) $(LIBRARY) -lcmocka $(LIB_LIBS)

.PHONY: unit
unit: $(UNIT_BINARIES) ## build and run the unit tests
	@set -e; for t in $(UNIT_BINARIES); do $$t; done

-include $(OBJECTS:.o=.d) $(UNIT_BINARIES:=.d)
