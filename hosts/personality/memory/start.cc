// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/start.h"

#include "hosts/personality/files/file.h"
#include "hosts/personality/memory/exec.h"
#include "hosts/personality/memory/report.h"
#include "hosts/personality/memory/vdso.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

// One page of code and one time page of 64 KiB each.
inline constexpr u64 image_capacity = u64{2} * 64 * 1024;
constinit u8 image_bytes[image_capacity];
constinit u8 narrow_image_bytes[image_capacity];
// Linux's limit on all strings of an exec is 2 MiB for the same stack; a boot needs less.
inline constexpr u64 strings_capacity = u64{64} * 1024;
constinit u8 argument_bytes[strings_capacity];
constinit u8 environment_bytes[strings_capacity];

// The whole file, if it fits. Empty: it is not there.
Attempt<kit::Bytes> read_file(Process& process, char const* path, u8* to, u64 capacity) {
    Errno error = Errno::noent;
    File* const file = open_file(process, path, error);
    if (file == nullptr) return error;
    i64 const size = file->read_at(0, to, capacity);
    bool const fits = file->size() <= capacity;
    file->release();
    if (size < 0) return static_cast<Errno>(-size);
    if (!fits) return Errno::fbig;
    return kit::Bytes(to, static_cast<u64>(size));
}

// Empty: it is not there. What is too long is cut off and refused by a rule of its own: the image
// ends behind its time page.
kit::Bytes read_image(Process& process, char const* path, u8 (&to)[image_capacity]) {
    auto const bytes = read_file(process, path, to, image_capacity);
    if (bytes) return bytes.value();
    return bytes.error() == Errno::fbig ? kit::Bytes(to, image_capacity) : kit::Bytes();
}

Errno fail(char const* path, Errno error) {
    Report report;
    report.text().add(path).add(": cannot be started, errno ").decimal(static_cast<u64>(error));
    report.show(host::Channel::failures);
    return error;
}

}  // namespace

void start_vdso(Process& first, Boot const& boot) {
    load_vdso(read_image(first, "/vdso.so", image_bytes), boot.vdso, boot.vdso_fixed);
    if (boot.vdso == VdsoMode::shared && host::cpu_features().runs_narrow)
        load_narrow_vdso(read_image(first, "/vdso32.so", narrow_image_bytes));
}

Attempt<Nothing> start_first_program(Thread& thread) {
    Process& process = thread.process();
    auto const arguments = read_file(process, "/.boot/argv", argument_bytes, strings_capacity);
    if (!arguments) return fail("/.boot/argv", arguments.error());
    auto const environment = read_file(process, "/.boot/envp", environment_bytes, strings_capacity);
    if (!environment) return fail("/.boot/envp", environment.error());
    StringArray const argv(arguments.value());
    if (argv.count() == 0) return fail("/.boot/argv", Errno::inval);

    char const* const path = reinterpret_cast<char const*>(argument_bytes);
    Errno error = Errno::noent;
    File* const file = open_file(process, path, error);
    if (file == nullptr) return fail(path, error);
    StringArray const envp(environment.value());
    auto const started =
        exec(thread, {.file = file, .path = path, .arguments = argv, .environment = envp});
    file->release();
    return started ? started : Attempt<Nothing>(fail(path, started.error()));
}

}  // namespace vdsokit::personality
