// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/guest.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

#include "kit/image/elf.h"
#include "tool/launch/elf_needs.h"
#include "tool/launch/failure.h"
#include "tool/launch/libraries.h"

namespace vdsokit::launch {

namespace filesystem = std::filesystem;

namespace {

constexpr char const* busybox_path = "/bin/busybox";
constexpr char const* image_path = "/vdso.so";
constexpr char const* narrow_image_path = "/vdso32.so";

// The commands of Debian's busybox that mean something in this guest.
constexpr std::array<std::string_view, 92> busybox_commands = {
    "ash",    "awk",   "base64",   "basename", "bc",       "cal",       "cat",   "chmod",
    "clear",  "cmp",   "cp",       "cut",      "date",     "dd",        "diff",  "dirname",
    "du",     "echo",  "egrep",    "env",      "expr",     "factor",    "false", "fgrep",
    "find",   "fold",  "free",     "grep",     "gunzip",   "gzip",      "head",  "hexdump",
    "id",     "kill",  "less",     "ln",       "ls",       "md5sum",    "mkdir", "mkfifo",
    "mktemp", "more",  "mv",       "nl",       "nproc",    "od",        "paste", "printf",
    "ps",     "pwd",   "readlink", "realpath", "reset",    "rev",       "rm",    "rmdir",
    "sed",    "seq",   "setsid",   "sh",       "sha1sum",  "sha256sum", "shuf",  "sleep",
    "sort",   "stat",  "strings",  "stty",     "sync",     "tac",       "tail",  "tar",
    "tee",    "test",  "time",     "timeout",  "touch",    "tr",        "true",  "truncate",
    "tty",    "uname", "uniq",     "usleep",   "uudecode", "vi",        "watch", "wc",
    "which",  "xargs", "xxd",      "yes"};

bool is_busybox_command(std::string const& name) {
    return std::ranges::find(busybox_commands, name) != busybox_commands.end();
}

void add_busybox(GuestTree& tree, Places const& places) {
    tree.add_from_host(busybox_path, (places.sysroot / "bin/busybox").string());
    for (std::string_view const name : busybox_commands)
        tree.add_link(fmt::format("/bin/{}", name), "busybox");
}

void add_image(GuestTree& tree, Options const& options, Places const& places) {
    if (options.image_use == ImageUse::none) return;
    std::string const built =
        (options.image_use == ImageUse::rel4 ? places.rel4_image : places.image).string();
    tree.add_file(image_path, read_host_file(built));
    tree.add_file(narrow_image_path, read_host_file(places.narrow_image.string()));
    if (!options.image) return;
    std::string contents = read_host_file(*options.image);
    std::optional<ElfNeeds> const elf = read_elf_needs(contents);
    bool const is_narrow = elf && elf->machine == kit::elf::machine::arm;
    tree.add_file(is_narrow ? narrow_image_path : image_path, std::move(contents));
}

// Why the program cannot run, told here where the user's own path is known.
void refuse_what_cannot_run(std::string const& path) {
    struct stat status;
    if (::stat(path.c_str(), &status) != 0)
        throw Failure{status_not_found, fmt::format("{}: not found", path)};
    if (!S_ISREG(status.st_mode))
        throw Failure{status_not_executable, fmt::format("{}: not a file", path)};
    if ((status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
        throw Failure{status_not_executable, fmt::format("{}: not executable", path)};
}

}  // namespace

GuestTree common_files(Options const& options, Places const& places) {
    GuestTree tree;
    add_busybox(tree, places);
    add_image(tree, options, places);
    for (FileToBring const& file : options.files)
        tree.add_from_host(file.guest_path, file.host_path);
    for (FileToBring const& file : options.files) {
        if (filesystem::is_regular_file(file.host_path))
            add_needs(tree, read_host_file(file.host_path), places);
    }
    return tree;
}

std::vector<std::string> add_program(GuestTree& tree, Options const& options,
                                     Places const& places) {
    std::vector<std::string> argv = options.command;
    std::string const& path = options.command.front();
    filesystem::path const name = filesystem::path(path).filename();
    std::string const guest_path = "/bin/" + name.string();
    argv.front() = guest_path;
    if (path == name && is_busybox_command(path) && !filesystem::exists(path)) return argv;

    refuse_what_cannot_run(path);
    std::string contents = read_host_file(path);
    std::optional<ElfNeeds> const elf = read_elf_needs(contents);
    if (elf && elf->machine != kit::elf::machine::aarch64 &&
        elf->machine != kit::elf::machine::arm) {
        throw Failure{
            status_not_executable,
            fmt::format("{}: an ELF program of machine {}, not of aarch64 ({}) or arm ({})", path,
                        elf->machine, kit::elf::machine::aarch64, kit::elf::machine::arm)};
    }
    add_needs(tree, contents, places);
    tree.add_file(guest_path, std::move(contents), true);
    return argv;
}

void add_start(GuestTree& tree, std::vector<std::string> const& argv) {
    std::string arguments;
    for (std::string const& argument : argv) arguments.append(argument).push_back('\0');
    std::string environment;
    auto const add = [&](std::string const& line) { environment.append(line).push_back('\0'); };
    add("PATH=/bin");
    add("HOME=/tmp");
    char const* const terminal = std::getenv("TERM");
    add(fmt::format("TERM={}", terminal != nullptr ? terminal : "dumb"));
    tree.add_file("/.boot/argv", arguments);
    tree.add_file("/.boot/envp", environment);
}

std::string boot_words(Options const& options, WindowSize const* terminal) {
    std::string words;
    switch (options.image_use) {
    case ImageUse::shared: words = "vdso=shared"; break;
    case ImageUse::rel4: words = "vdso=rel4"; break;
    case ImageUse::none: words = "vdso=none"; break;
    }
    if (terminal != nullptr) {
        words += fmt::format(" terminal rows={} columns={}", terminal->rows, terminal->columns);
    }
    if (!options.vdso_address.empty()) words += " vdso-address=" + options.vdso_address;
    if (options.stats) words += " stats";
    if (options.verbose) words += " verbose";
    return words;
}

}  // namespace vdsokit::launch
