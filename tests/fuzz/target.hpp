#pragma once

#include <stdexcept>
#include <string_view>
#include <vector>

namespace mp3conv::fuzz {

/// A place where the programs read what strangers wrote. A target is a file of this folder, named
/// in tests/meson.build, with one object of this type; corpus/NAME holds what it begins with.
class Target {
public:
    /// Reads the input as the programs would, and returns, whatever it is; what it throws is a
    /// finding.
    using Look = void (*)(std::string_view input);

    Target(std::string_view name, Look look) : name_{name}, look_{look} { all().push_back(this); }
    Target(const Target &) = delete;

    std::string_view name() const { return name_; }
    void look_at(std::string_view input) const { look_(input); }

    /// @return the program's targets: one of a fuzzer, every one of the unit tests.
    static std::vector<const Target *> &all() {
        static std::vector<const Target *> targets;
        return targets;
    }

private:
    std::string_view name_;
    Look look_;
};

class BrokenPromise : public std::logic_error {
    using std::logic_error::logic_error;
};

/// @param promise what should be so, as a sentence. @throws BrokenPromise where it is not.
inline void require(bool is_kept, const char *promise) {
    if (!is_kept) throw BrokenPromise{promise};
}

/// Takes the input's first line off it, without its end: for a target that needs two inputs.
inline std::string_view take_line(std::string_view &input) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(line.size() < input.size() ? line.size() + 1 : line.size());
    return line;
}

} // namespace mp3conv::fuzz
