/* SPDX-License-Identifier: BSD-2-Clause */
/* The kit for kernels in C, Rust or Zig: what kit/ offers in C++, by plain functions and structures
 * without hidden padding. Nothing allocates: the caller gives storage of a fixed size and keeps it
 * at one address. Pointers must be valid unless a function says that it checks them. The contract
 * of each function is that of its namesake in the C++ header that its section names. */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 0, or why something was refused; a refusal changes nothing. */
typedef int32_t vdsokit_status;
enum { vdsokit_ok = 0 };

/* ---- time: kit/time/timekeeper.h -------------------------------------------------------------- */

enum {
    vdsokit_time_not_started = 1,
    vdsokit_time_already_started = 2,
    vdsokit_time_frequency_out_of_range = 3,
    vdsokit_time_counter_bits_out_of_range = 4,
    vdsokit_time_counter_wraps_too_soon = 5,
    vdsokit_time_no_such_counter = 6,
    vdsokit_time_nanoseconds_out_of_range = 7,
    vdsokit_time_out_of_range = 8,
    vdsokit_time_before_system_start = 9,
    vdsokit_time_tick_out_of_range = 10,
    vdsokit_time_rate_out_of_range = 11,
    vdsokit_time_offset_out_of_range = 12,
    vdsokit_time_tai_offset_out_of_range = 13,
    vdsokit_time_timezone_out_of_range = 14,
    vdsokit_time_unknown_clock = 15,
    vdsokit_time_bad_page = 16 /* no address, or not a multiple of 64 */
};

enum { vdsokit_counter_virtual = 0, vdsokit_counter_physical = 1 };

struct vdsokit_timekeeper {
    uint64_t opaque[64];
};

struct vdsokit_timespec {
    int64_t seconds;
    uint32_t nanoseconds;
    uint32_t reserved; /* 0 */
};

struct vdsokit_clocksource {
    uint64_t frequency; /* Hz */
    uint32_t counter_bits;
    uint32_t kind; /* vdsokit_counter_... */
};

struct vdsokit_time_start {
    struct vdsokit_clocksource clocksource;
    struct vdsokit_timespec realtime;
    struct vdsokit_timespec monotonic;
    uint64_t tick_nanoseconds; /* 0: the host has no tick */
};

struct vdsokit_deadline {
    uint64_t counter;           /* the counter's value then */
    uint64_t after_nanoseconds; /* from now */
};

/* The first call; the others need it. Nothing it holds must be given back. */
void vdsokit_timekeeper_init(struct vdsokit_timekeeper* keeper);
vdsokit_status vdsokit_timekeeper_start(struct vdsokit_timekeeper* keeper,
                                        struct vdsokit_time_start const* with);

/* `page` is where the host sees the frame that processes see as the time page. Checked. */
vdsokit_status vdsokit_timekeeper_attach(struct vdsokit_timekeeper* keeper, void* page);
void vdsokit_timekeeper_publish(struct vdsokit_timekeeper* keeper);
void vdsokit_timekeeper_withdraw(struct vdsokit_timekeeper* keeper);

/* `clock` is what a process passed: any 32 bits. */
vdsokit_status vdsokit_timekeeper_read(struct vdsokit_timekeeper const* keeper, uint32_t clock,
                                       struct vdsokit_timespec* out);
vdsokit_status vdsokit_timekeeper_resolution(struct vdsokit_timekeeper const* keeper,
                                             uint32_t clock, uint64_t* out_nanoseconds);

vdsokit_status vdsokit_timekeeper_step_realtime(struct vdsokit_timekeeper* keeper,
                                                struct vdsokit_timespec to);
vdsokit_status vdsokit_timekeeper_slew_frequency(struct vdsokit_timekeeper* keeper,
                                                 int32_t parts_per_billion);
int32_t vdsokit_timekeeper_frequency(struct vdsokit_timekeeper const* keeper);
/* `replaced` may be null. */
vdsokit_status vdsokit_timekeeper_slew_offset(struct vdsokit_timekeeper* keeper,
                                              int64_t nanoseconds, int64_t* replaced);
int64_t vdsokit_timekeeper_remaining_offset(struct vdsokit_timekeeper const* keeper);
vdsokit_status vdsokit_timekeeper_set_tai_offset(struct vdsokit_timekeeper* keeper,
                                                 int32_t seconds);
int32_t vdsokit_timekeeper_tai_offset(struct vdsokit_timekeeper const* keeper);
vdsokit_status vdsokit_timekeeper_add_suspend(struct vdsokit_timekeeper* keeper,
                                              uint64_t nanoseconds);
vdsokit_status vdsokit_timekeeper_set_timezone(struct vdsokit_timekeeper* keeper,
                                               int32_t minutes_west, int32_t dst);
vdsokit_status vdsokit_timekeeper_change_clocksource(struct vdsokit_timekeeper* keeper,
                                                     struct vdsokit_clocksource source);

void vdsokit_timekeeper_tick(struct vdsokit_timekeeper* keeper);
void vdsokit_timekeeper_advance(struct vdsokit_timekeeper* keeper);
struct vdsokit_deadline vdsokit_timekeeper_next_update(struct vdsokit_timekeeper const* keeper);

/* ---- time namespaces: kit/time/time_namespace.h ------------------------------------------------ */

struct vdsokit_time_namespace {
    uint64_t opaque[20];
};
/* The first call; the others need it. */
void vdsokit_time_namespace_init(struct vdsokit_time_namespace* group);
/* The group and its page stay at their addresses until it is closed. `page` is checked. */
vdsokit_status vdsokit_time_namespace_open(struct vdsokit_timekeeper* keeper,
                                           struct vdsokit_time_namespace* group, void* page,
                                           struct vdsokit_timespec monotonic,
                                           struct vdsokit_timespec boottime);
void vdsokit_time_namespace_close(struct vdsokit_timekeeper* keeper,
                                  struct vdsokit_time_namespace* group);
vdsokit_status vdsokit_time_namespace_read(struct vdsokit_timekeeper const* keeper,
                                           struct vdsokit_time_namespace const* group,
                                           uint32_t clock, struct vdsokit_timespec* out);

/* ---- getrandom: kit/random/random_publisher.h ------------------------------------------------- */

enum {
    vdsokit_random_page_size_out_of_range = 40,
    vdsokit_random_no_page = 41,
    vdsokit_random_bad_page = 42 /* no address, or not a multiple of 64 */
};

struct vdsokit_random {
    uint64_t opaque[8];
};

/* What this kernel keeps of a mapping that a program makes with these arguments of mmap. */
struct vdsokit_random_promise {
    uint32_t map_protection;
    uint32_t map_flags;
    uint32_t page_size;
    uint32_t reserved; /* 0 */
};

/* The first call; the others need it. Nothing it holds must be given back. */
void vdsokit_random_init(struct vdsokit_random* random);
/* The page that the Timekeeper is attached to. Checked. */
vdsokit_status vdsokit_random_attach(struct vdsokit_random* random, void* page);
vdsokit_status vdsokit_random_publish(struct vdsokit_random* random,
                                      struct vdsokit_random_promise const* promise);
/* One page more: a time namespace's. The entry stays at one address until it is removed. */
struct vdsokit_random_page {
    uint64_t opaque[2];
};
vdsokit_status vdsokit_random_add(struct vdsokit_random* random, struct vdsokit_random_page* entry,
                                  void* page);
void vdsokit_random_remove(struct vdsokit_random* random, struct vdsokit_random_page* entry);
void vdsokit_random_withdraw(struct vdsokit_random* random);
void vdsokit_random_reseeded(struct vdsokit_random* random);
/* 0: not seeded yet. */
uint64_t vdsokit_random_generation(struct vdsokit_random const* random);

/* ---- loading: kit/image/ ---------------------------------------------------------------------- */

/* Why something untrusted was refused. Every function that fills one accepts a null pointer. */
struct vdsokit_fault {
    char const* rule; /* of an image: its name in `vdsokit check`; else "" */
    char const* why;
    uint64_t at; /* offset in the file; of a stack: the number of the string */
};

enum {
    vdsokit_image_refused = 100,
    vdsokit_out_of_frames = 101,
    vdsokit_bad_frame_size = 102,
    vdsokit_too_many_frames = 103,
    vdsokit_replacement_too_wide = 104,
    vdsokit_out_of_range = 110, /* of an address, as are the next two */
    vdsokit_in_use = 111,
    vdsokit_out_of_memory = 112
};

enum {
    vdsokit_access_none,
    vdsokit_access_read,
    vdsokit_access_read_write,
    vdsokit_access_read_execute
};

struct vdsokit_image {
    uint64_t opaque[128];
};
/* The bytes stay where they are, unchanged, as long as the image is used. */
vdsokit_status vdsokit_image_open(struct vdsokit_image* image, void const* bytes, uint64_t size,
                                  struct vdsokit_fault* fault);
uint64_t vdsokit_image_size(struct vdsokit_image const* image);
uint64_t vdsokit_image_code_size(struct vdsokit_image const* image);
/* 0: no such export of that version. */
uint64_t vdsokit_image_find(struct vdsokit_image const* image, char const* name,
                            char const* version);

/* kit/core/memory.h, FrameSource. A frame is any number of the caller's; 0 is none. */
struct vdsokit_frame_source {
    void* context;
    uint64_t (*allocate)(void* context); /* zeroed */
    uint8_t* (*bytes)(void* context, uint64_t frame);
    void (*release)(void* context, uint64_t frame);
    void (*publish_code)(void* context, uint64_t frame);
};

struct vdsokit_preload_options {
    uint64_t frame_size;
    uint32_t replaces_traps; /* not 0: trap_replacement stands at every trap site */
    uint32_t trap_replacement;
};

struct vdsokit_preload {
    uint64_t opaque[48];
};
vdsokit_status vdsokit_preload_load(struct vdsokit_preload* preload,
                                    struct vdsokit_frame_source const* source,
                                    struct vdsokit_image const* image,
                                    struct vdsokit_preload_options const* options);
void vdsokit_preload_release(struct vdsokit_preload* preload,
                             struct vdsokit_frame_source const* source);
/* For vdsokit_timekeeper_attach(). */
void* vdsokit_preload_time_page(struct vdsokit_preload const* preload);
uint64_t vdsokit_preload_size(struct vdsokit_preload const* preload);
uint64_t vdsokit_preload_alignment(struct vdsokit_preload const* preload);
/* Offset of the way back from a signal handler; 0: the image has none. */
uint64_t vdsokit_preload_sigreturn(struct vdsokit_preload const* preload);

/* kit/image/base.h */
vdsokit_status vdsokit_choose_base(uint64_t first, uint64_t range_size, uint64_t size,
                                   uint64_t alignment, uint64_t entropy, uint64_t* base);

/* kit/core/memory.h, AddressSpace. map_shared answers 0, vdsokit_in_use or
 * vdsokit_out_of_memory. */
struct vdsokit_address_space {
    void* context;
    vdsokit_status (*map_shared)(void* context, uint64_t page, uint64_t frame, uint32_t access);
    void (*unmap_shared)(void* context, uint64_t page);
};
/* Copies nothing. `base` is then AT_SYSINFO_EHDR. */
vdsokit_status vdsokit_preload_map(struct vdsokit_preload const* preload,
                                   struct vdsokit_address_space const* space, uint64_t base);
/* Precondition: it is mapped there. */
void vdsokit_preload_unmap(struct vdsokit_preload const* preload,
                           struct vdsokit_address_space const* space, uint64_t base);

/* ---- programs: kit/process/ ------------------------------------------------------------------- */

enum {
    vdsokit_program_refused = 120,
    vdsokit_exec_refused = 121,
    vdsokit_exec_no_room = 122,
    vdsokit_stack_too_large = 123, /* E2BIG, as is the next */
    vdsokit_stack_string_too_long = 124,
    vdsokit_stack_unreadable_string = 125,
    vdsokit_stack_unwritable = 126,
    vdsokit_auxv_too_long = 127
};

struct vdsokit_program_file {
    void const* context;
    /* Not 0: [offset, offset + size), which lies inside the file, was copied. */
    int (*read)(void const* context, uint64_t offset, void* to, uint64_t size);
    uint64_t size;
};

struct vdsokit_program_rules {
    uint16_t machine;    /* e_machine */
    uint16_t file_class; /* 1: 32 bits, 2: 64 bits */
    uint32_t reserved;
    uint64_t page_size;
    uint64_t process_end;
};

struct vdsokit_program {
    uint64_t opaque[256];
};
vdsokit_status vdsokit_program_open(struct vdsokit_program* program,
                                    struct vdsokit_program_file const* file,
                                    struct vdsokit_program_rules const* rules,
                                    struct vdsokit_fault* fault);
/* Null: a static program. */
char const* vdsokit_program_interpreter(struct vdsokit_program const* program);
uint64_t vdsokit_program_segment_count(struct vdsokit_program const* program);

struct vdsokit_range {
    uint64_t start;
    uint64_t end; /* behind the last byte; equal to start: empty */
};

struct vdsokit_segment_pieces {
    struct vdsokit_range file;
    uint64_t file_offset;
    struct vdsokit_range clear;
    struct vdsokit_range zero;
    uint32_t access;
    uint32_t reserved;
};
/* Precondition: index < the count. */
struct vdsokit_segment_pieces vdsokit_program_segment(struct vdsokit_program const* program,
                                                      uint64_t index, uint64_t bias,
                                                      uint64_t page_size);

enum { vdsokit_vdso_none, vdsokit_vdso_anywhere, vdsokit_vdso_fixed };

struct vdsokit_exec_request {
    struct vdsokit_program const* program;
    struct vdsokit_program const* interpreter; /* null: none */
    uint64_t page_size;
    struct vdsokit_range process;
    struct vdsokit_range stack;
    uint64_t program_base;
    uint64_t mapping_top;
    struct vdsokit_range vdso;
    uint64_t vdso_alignment;
    uint64_t vdso_placement; /* vdsokit_vdso_...; another value is vdsokit_exec_refused */
    uint64_t program_shift;
    uint64_t interpreter_shift;
    uint64_t vdso_shift;
    uint64_t heap_shift;
};

struct vdsokit_exec_plan {
    uint64_t program_bias;
    uint64_t interpreter_bias;
    uint64_t vdso;
    uint64_t entry;
    uint64_t program_entry;
    uint64_t program_headers;
    uint64_t heap_start;
};
vdsokit_status vdsokit_plan_exec(struct vdsokit_exec_request const* request,
                                 struct vdsokit_exec_plan* plan, struct vdsokit_fault* fault);

enum { vdsokit_auxv_capacity = 39 };
struct vdsokit_aux_entry {
    uint64_t type;
    uint64_t value;
};
/* Without the terminator. The caller may take entries out and put others in. */
struct vdsokit_auxv {
    uint64_t count;
    struct vdsokit_aux_entry entries[vdsokit_auxv_capacity];
};

struct vdsokit_process_facts {
    uint64_t page_size;
    uint64_t user, effective_user, group, effective_group;
    uint64_t is_secure;
    uint64_t hwcap, hwcap2;
    uint64_t clock_ticks;
    uint64_t signal_stack_size; /* 0: left out */
    uint64_t has_platform;
};
void vdsokit_auxv_make(struct vdsokit_auxv* auxv, struct vdsokit_program const* program,
                       struct vdsokit_exec_plan const* plan,
                       struct vdsokit_process_facts const* facts);

/* kit/process/initial_stack.h, StackStrings. Indexes count argv, then envp. */
struct vdsokit_strings {
    void* context;
    uint64_t arguments;
    uint64_t environment;
    /* With its NUL; 0: unreadable; anything above `limit`: longer than that. */
    uint64_t (*size)(void* context, uint64_t index, uint64_t limit);
    int (*copy)(void* context, uint64_t index, uint64_t offset, uint8_t* to, uint64_t size);
};
struct vdsokit_stack_sink {
    void* context;
    int (*write)(void* context, uint64_t at, uint8_t const* bytes, uint64_t size);
};
struct vdsokit_stack_rules {
    uint64_t file_class; /* 1: 32 bits, 2: 64 bits */
    uint64_t top;
    uint64_t bytes_limit;
    uint64_t string_limit;
    char const* exec_name;
    char const* platform;
    uint8_t random[16];
};
struct vdsokit_initial_stack {
    uint64_t opaque[112];
};
/* exec_name and platform stay where they are until the stack is written. */
vdsokit_status vdsokit_stack_measure(struct vdsokit_initial_stack* stack,
                                     struct vdsokit_strings const* strings,
                                     struct vdsokit_auxv const* auxv,
                                     struct vdsokit_stack_rules const* rules,
                                     struct vdsokit_fault* fault);
vdsokit_status vdsokit_stack_write(struct vdsokit_initial_stack const* stack,
                                   struct vdsokit_strings const* strings,
                                   struct vdsokit_stack_sink const* sink,
                                   struct vdsokit_fault* fault);
uint64_t vdsokit_stack_pointer(struct vdsokit_initial_stack const* stack);

#ifdef __cplusplus
}
#endif
