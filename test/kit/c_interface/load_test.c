/* SPDX-License-Identifier: BSD-2-Clause */
/* The kit as a kernel in C uses it, from the image's file to the stack pointer of a program: the
 * pages of the process are arrays here, everything else is as there.
 * load_test IMAGE PROGRAM INTERPRETER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/vdsokit.h"

enum { page_size = 4096, frame_limit = 256, page_limit = 1024 };
static uint64_t const process_end = (uint64_t)1 << 47;

static int failures;
static void expect(int holds, char const* what) {
    if (holds) return;
    printf("FAILED: %s\n", what);
    failures += 1;
}

/* The file system. */
struct file {
    uint8_t* bytes;
    uint64_t size;
};

static struct file read_file(char const* path) {
    struct file file = {NULL, 0};
    FILE* const stream = fopen(path, "rb");
    if (stream == NULL) {
        printf("no such file: %s\n", path);
        exit(1);
    }
    fseek(stream, 0, SEEK_END);
    file.size = (uint64_t)ftell(stream);
    rewind(stream);
    file.bytes = malloc(file.size);
    if (fread(file.bytes, 1, file.size, stream) != file.size) exit(1);
    fclose(stream);
    return file;
}

static int read_program(void const* context, uint64_t offset, void* to, uint64_t size) {
    struct file const* const file = context;
    memcpy(to, file->bytes + offset, size);
    return 1;
}

/* Page frames. */
struct frames {
    uint8_t* bytes[frame_limit]; /* of frame n + 1 */
    uint64_t used;
    uint64_t limit;
    uint64_t published;
};

static uint64_t allocate(void* context) {
    struct frames* const frames = context;
    if (frames->used == frames->limit) return 0;
    uint64_t at = 0;
    while (frames->bytes[at] != NULL) ++at;
    frames->bytes[at] = aligned_alloc(page_size, page_size);
    memset(frames->bytes[at], 0, page_size);
    frames->used += 1;
    return at + 1;
}
static uint8_t* frame_bytes(void* context, uint64_t frame) {
    return ((struct frames*)context)->bytes[frame - 1];
}
static void release(void* context, uint64_t frame) {
    struct frames* const frames = context;
    free(frames->bytes[frame - 1]);
    frames->bytes[frame - 1] = NULL;
    frames->used -= 1;
}
static void publish_code(void* context, uint64_t frame) {
    struct frames* const frames = context;
    expect(frames->bytes[frame - 1] != NULL, "published frames exist");
    frames->published += 1;
}

/* A process. */
struct page {
    uint64_t address;
    uint64_t frame;
    uint32_t access;
};
struct process {
    struct frames* frames;
    struct page pages[page_limit];
    uint64_t count;
    uint64_t limit;
};

static struct page* find_page(struct process* process, uint64_t address) {
    for (uint64_t i = 0; i < process->count; ++i)
        if (process->pages[i].address == address / page_size * page_size) return &process->pages[i];
    return NULL;
}
static vdsokit_status map_shared(void* context, uint64_t page, uint64_t frame, uint32_t access) {
    struct process* const process = context;
    if (find_page(process, page) != NULL) return vdsokit_in_use;
    if (process->count == process->limit) return vdsokit_out_of_memory;
    process->pages[process->count++] = (struct page){page, frame, access};
    return vdsokit_ok;
}
static void unmap_shared(void* context, uint64_t page) {
    struct process* const process = context;
    struct page* const found = find_page(process, page);
    if (found != NULL) *found = process->pages[--process->count];
}
static uint8_t* view(struct process* process, uint64_t address) {
    struct page* const page = find_page(process, address);
    if (page == NULL) return NULL;
    return frame_bytes(process->frames, page->frame) + address % page_size;
}
static int write_process(void* context, uint64_t at, uint8_t const* bytes, uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) {
        uint8_t* const to = view(context, at + i);
        if (to == NULL) return 0;
        *to = bytes[i];
    }
    return 1;
}
static uint64_t read_word(struct process* process, uint64_t at) {
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) {
        uint8_t const* const byte = view(process, at + i);
        if (byte == NULL) return ~(uint64_t)0;
        value |= (uint64_t)*byte << (8 * i);
    }
    return value;
}

/* Maps one range of pages of its own, filled from `bytes` if there are any. */
static void map_range(struct process* process, struct vdsokit_range range, uint8_t const* bytes,
                      uint64_t left, uint32_t access) {
    for (uint64_t at = range.start; at < range.end; at += page_size) {
        uint64_t const frame = allocate(process->frames);
        expect(frame != 0, "there are enough frames");
        expect(map_shared(process, at, frame, access) == vdsokit_ok, "a planned page is free");
        uint64_t const part = left < page_size ? left : page_size;
        if (part != 0) memcpy(frame_bytes(process->frames, frame), bytes, part);
        bytes += part;
        left -= part;
    }
}

static void map_program(struct process* process, struct vdsokit_program const* program,
                        struct file const* file, uint64_t bias) {
    for (uint64_t i = 0; i < vdsokit_program_segment_count(program); ++i) {
        struct vdsokit_segment_pieces const pieces =
            vdsokit_program_segment(program, i, bias, page_size);
        map_range(process, pieces.file, file->bytes + pieces.file_offset,
                  file->size - pieces.file_offset, pieces.access);
        map_range(process, pieces.zero, NULL, 0, pieces.access);
        for (uint64_t at = pieces.clear.start; at < pieces.clear.end; ++at) *view(process, at) = 0;
    }
}

/* argv and envp in the kernel's own memory. */
static char const* const strings[] = {"probe", "--count", "3", "TZ=UTC", "HOME=/"};
static uint64_t string_size(void* context, uint64_t index, uint64_t limit) {
    (void)context;
    uint64_t const size = strlen(strings[index]) + 1;
    return size > limit ? limit + 1 : size;
}
static int string_copy(void* context, uint64_t index, uint64_t offset, uint8_t* to, uint64_t size) {
    (void)context;
    memcpy(to, strings[index] + offset, size);
    return 1;
}

static void test_refusals(struct file const* image_file,
                          struct vdsokit_program_rules const* rules) {
    struct vdsokit_image image;
    struct vdsokit_fault fault = {NULL, NULL, 0};
    expect(vdsokit_image_open(&image, image_file->bytes, 100, &fault) == vdsokit_image_refused,
           "a truncated image is refused");
    expect(fault.rule != NULL && fault.rule[0] != 0 && fault.why[0] != 0, "with rule and reason");
    expect(vdsokit_image_open(&image, image_file->bytes, 0, NULL) == vdsokit_image_refused,
           "an empty one too, and nobody need ask why");

    struct vdsokit_program program;
    struct file short_file = {image_file->bytes, 20};
    struct vdsokit_program_file const file = {&short_file, read_program, short_file.size};
    expect(vdsokit_program_open(&program, &file, rules, &fault) == vdsokit_program_refused,
           "a truncated program is refused");
    expect(strcmp(fault.rule, "") == 0 && fault.why[0] != 0, "with a reason");
}

static void test_preload(struct vdsokit_preload* preload, struct file const* file,
                         struct vdsokit_frame_source const* source, struct frames* frames) {
    struct vdsokit_image image;
    struct vdsokit_fault fault;
    expect(vdsokit_image_open(&image, file->bytes, file->size, &fault) == vdsokit_ok,
           "the built image is accepted");
    uint64_t const size = vdsokit_image_size(&image);
    expect(size == file->size, "the image is the whole file");
    expect(vdsokit_image_code_size(&image) == size - page_size, "one time page at its end");
    expect(vdsokit_image_find(&image, "__kernel_clock_gettime", "LINUX_2.6.39") != 0, "an export");
    expect(vdsokit_image_find(&image, "__kernel_clock_gettime", "LINUX_2.6") == 0, "by version");

    struct vdsokit_preload_options options = {page_size, 0, 0};
    uint64_t const limit = frames->limit;
    frames->limit = 1;
    expect(vdsokit_preload_load(preload, source, &image, &options) == vdsokit_out_of_frames,
           "too few frames");
    expect(frames->used == 0, "are given back");
    frames->limit = limit;
    options.frame_size = 3000;
    expect(vdsokit_preload_load(preload, source, &image, &options) == vdsokit_bad_frame_size,
           "a frame of 3000 bytes");

    options = (struct vdsokit_preload_options){page_size, 1, 0xd4200000u | 0x5e4u << 5};
    expect(vdsokit_preload_load(preload, source, &image, &options) == vdsokit_ok, "a preload");
    uint64_t changed = 0;
    for (uint64_t at = 0; at < size; at += 4)
        if (memcmp(frame_bytes(frames, at / page_size + 1) + at % page_size, file->bytes + at, 4) !=
            0)
            changed += 1;
    expect(changed >= 1, "its traps are replaced");
    vdsokit_preload_release(preload, source);
    expect(frames->used == 0, "released");

    options.replaces_traps = 0;
    expect(vdsokit_preload_load(preload, source, &image, &options) == vdsokit_ok, "as it is");
    expect(vdsokit_preload_size(preload) == size, "its size");
    expect(vdsokit_preload_alignment(preload) == page_size, "its alignment");
    expect(vdsokit_preload_sigreturn(preload) ==
               vdsokit_image_find(&image, "__kernel_rt_sigreturn", "LINUX_2.6.39"),
           "the way back from a handler");
    expect(vdsokit_preload_time_page(preload) == frame_bytes(frames, size / page_size),
           "the time page is the last frame");
    expect(frames->published == 2 * (size / page_size - 1), "code was made visible, twice");
}

static void test_time(struct vdsokit_preload const* preload) {
    struct vdsokit_timekeeper keeper;
    vdsokit_timekeeper_init(&keeper);
    struct vdsokit_time_start const start = {.clocksource = {62500000, 56, vdsokit_counter_virtual},
                                             .realtime = {1700000000, 0, 0},
                                             .monotonic = {0, 0, 0},
                                             .tick_nanoseconds = 0};
    expect(vdsokit_timekeeper_start(&keeper, &start) == vdsokit_ok, "the clocks start");
    uint8_t* const page = vdsokit_preload_time_page(preload);
    expect(vdsokit_timekeeper_attach(&keeper, page) == vdsokit_ok, "they keep the page");
    expect(memcmp(page, "vdsokit", 8) == 0, "which is a time page now");
}

static void test_exec(struct vdsokit_preload const* preload, struct frames* frames,
                      struct vdsokit_program_rules const* rules, struct file* program_file,
                      struct file* interpreter_file) {
    struct vdsokit_fault fault = {"", "", 0};
    struct vdsokit_program program;
    struct vdsokit_program interpreter;
    struct vdsokit_program_file file = {program_file, read_program, program_file->size};
    expect(vdsokit_program_open(&program, &file, rules, &fault) == vdsokit_ok, fault.why);
    expect(vdsokit_program_interpreter(&program) != NULL, "a dynamic program");
    file = (struct vdsokit_program_file){interpreter_file, read_program, interpreter_file->size};
    expect(vdsokit_program_open(&interpreter, &file, rules, &fault) == vdsokit_ok, fault.why);
    expect(vdsokit_program_interpreter(&interpreter) == NULL, "its interpreter");

    struct vdsokit_range const stack = {process_end - 65536 - page_size, process_end - page_size};
    uint64_t vdso_base = 0;
    expect(vdsokit_choose_base((uint64_t)1 << 38, (uint64_t)1 << 36, vdsokit_preload_size(preload),
                               vdsokit_preload_alignment(preload), 0x123456789abcdef,
                               &vdso_base) == vdsokit_ok,
           "a place for the vDSO");
    struct vdsokit_exec_request request = {
        .program = &program,
        .interpreter = &interpreter,
        .page_size = page_size,
        .process = {0x10000, process_end},
        .stack = stack,
        .program_base = 0x555555555000,
        .mapping_top = stack.start,
        .vdso_placement = vdsokit_vdso_fixed,
        .vdso = {vdso_base, vdso_base + vdsokit_preload_size(preload)},
        .vdso_alignment = vdsokit_preload_alignment(preload)};
    struct vdsokit_exec_plan plan;
    expect(vdsokit_plan_exec(&request, &plan, &fault) == vdsokit_ok, fault.why);
    expect(plan.vdso == vdso_base, "the vDSO is where it was wished");

    request.interpreter = NULL;
    struct vdsokit_exec_plan unused;
    expect(vdsokit_plan_exec(&request, &unused, &fault) == vdsokit_exec_refused,
           "a dynamic program needs its interpreter");
    request.interpreter = &interpreter;
    request.vdso_placement = 7;
    expect(vdsokit_plan_exec(&request, &unused, NULL) == vdsokit_exec_refused,
           "a placement that does not exist");

    static struct process process;
    process.frames = frames;
    process.limit = page_limit;
    map_program(&process, &program, program_file, plan.program_bias);
    map_program(&process, &interpreter, interpreter_file, plan.interpreter_bias);
    map_range(&process, stack, NULL, 0, vdsokit_access_read_write);

    struct vdsokit_address_space const space = {&process, map_shared, unmap_shared};
    uint64_t const pages = process.count;
    process.limit = pages + 1;
    expect(vdsokit_preload_map(preload, &space, plan.vdso) == vdsokit_out_of_memory,
           "no page left");
    expect(process.count == pages, "then none of the vDSO is mapped");
    process.limit = page_limit;
    expect(vdsokit_preload_map(preload, &space, plan.vdso + 1) == vdsokit_out_of_range,
           "half a page further");
    expect(vdsokit_preload_map(preload, &space, plan.interpreter_bias) == vdsokit_in_use,
           "where something is");
    expect(vdsokit_preload_map(preload, &space, plan.vdso) == vdsokit_ok, "mapped");
    expect(process.count == pages + 2, "two pages");
    expect(find_page(&process, plan.vdso)->access == vdsokit_access_read_execute, "code");
    expect(find_page(&process, plan.vdso + page_size)->access == vdsokit_access_read, "time");
    vdsokit_preload_unmap(preload, &space, plan.vdso);
    expect(process.count == pages, "and taken away");
    expect(vdsokit_preload_map(preload, &space, plan.vdso) == vdsokit_ok, "mapped again");
    expect(memcmp(view(&process, plan.vdso), "\177ELF", 4) == 0,
           "AT_SYSINFO_EHDR is an ELF header");

    struct vdsokit_process_facts const facts = {.page_size = page_size,
                                                .hwcap = 3,
                                                .clock_ticks = 100,
                                                .signal_stack_size = 4720,
                                                .has_platform = 1};
    struct vdsokit_auxv auxv;
    vdsokit_auxv_make(&auxv, &program, &plan, &facts);
    struct vdsokit_strings const source = {NULL, 3, 2, string_size, string_copy};
    struct vdsokit_stack_rules stack_rules = {.file_class = 2,
                                              .top = stack.end,
                                              .bytes_limit = 60,
                                              .string_limit = 4096,
                                              .exec_name = "/bin/probe",
                                              .platform = "aarch64"};
    struct vdsokit_initial_stack initial;
    expect(vdsokit_stack_measure(&initial, &source, &auxv, &stack_rules, &fault) ==
               vdsokit_stack_too_large,
           "a stack of 60 bytes");
    stack_rules.bytes_limit = 8192;
    stack_rules.string_limit = 7;
    expect(vdsokit_stack_measure(&initial, &source, &auxv, &stack_rules, &fault) ==
               vdsokit_stack_string_too_long,
           "a string of 8 bytes");
    expect(fault.at == 1, "is the second");
    stack_rules.string_limit = 4096;
    struct vdsokit_auxv too_many = auxv;
    too_many.count = vdsokit_auxv_capacity + 1;
    expect(vdsokit_stack_measure(&initial, &source, &too_many, &stack_rules, NULL) ==
               vdsokit_auxv_too_long,
           "a count beyond the array");
    expect(vdsokit_stack_measure(&initial, &source, &auxv, &stack_rules, &fault) == vdsokit_ok,
           fault.why);
    struct vdsokit_stack_sink const sink = {&process, write_process};
    expect(vdsokit_stack_write(&initial, &source, &sink, &fault) == vdsokit_ok, fault.why);

    uint64_t at = vdsokit_stack_pointer(&initial);
    expect(at % 16 == 0, "the stack pointer is aligned");
    expect(read_word(&process, at) == 3, "argc");
    expect(strcmp((char const*)view(&process, read_word(&process, at + 16)), "--count") == 0,
           "argv[1]");
    expect(read_word(&process, at + 32) == 0, "argv ends");
    expect(strcmp((char const*)view(&process, read_word(&process, at + 40)), "TZ=UTC") == 0,
           "envp[0]");
    expect(read_word(&process, at + 56) == 0, "envp ends");
    at += 64;
    uint64_t vdso = 0;
    uint64_t entry = 0;
    for (; read_word(&process, at) != 0; at += 16) {
        if (read_word(&process, at) == 33) vdso = read_word(&process, at + 8);
        if (read_word(&process, at) == 9) entry = read_word(&process, at + 8);
    }
    expect(vdso == plan.vdso, "AT_SYSINFO_EHDR");
    expect(entry == plan.program_entry, "AT_ENTRY");
    expect(find_page(&process, plan.entry)->access == vdsokit_access_read_execute,
           "the process starts in code");
    for (uint64_t i = 0; i < process.count; ++i)
        for (uint64_t j = 0; j < i; ++j)
            expect(process.pages[i].address != process.pages[j].address, "one frame a page");
}

int main(int argc, char** argv) {
    if (argc != 4) {
        puts("usage: load_test IMAGE PROGRAM INTERPRETER");
        return 2;
    }
    struct file image = read_file(argv[1]);
    struct file program = read_file(argv[2]);
    struct file interpreter = read_file(argv[3]);
    struct vdsokit_program_rules const rules = {.machine = 183,
                                                .file_class = 2,
                                                .reserved = 0,
                                                .page_size = page_size,
                                                .process_end = process_end};
    static struct frames frames;
    frames.limit = frame_limit;
    struct vdsokit_frame_source const source = {&frames, allocate, frame_bytes, release,
                                                publish_code};
    struct vdsokit_preload preload;
    test_refusals(&image, &rules);
    test_preload(&preload, &image, &source, &frames);
    test_time(&preload);
    test_exec(&preload, &frames, &rules, &program, &interpreter);
    for (uint64_t i = 0; i < frame_limit; ++i) free(frames.bytes[i]);
    free(image.bytes);
    free(program.bytes);
    free(interpreter.bytes);
    puts(failures == 0 ? "the kit serves a kernel in C" : "it does not");
    return failures == 0 ? 0 : 1;
}
