#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace mp3conv::system::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

struct Field {
    std::string_view name;
    std::string value;
};

/// What is written from here on; at first: info and above, as text.
void configure(Level level, Format format);

/// A field of every line that this thread writes while the object lives, so that lines of one
/// request, conversion or letter can be found together. Ends in the reverse order of beginning.
class Scope {
public:
    /// @param field whose name lives as long as the program; an empty value adds nothing.
    explicit Scope(Field field);
    ~Scope();
    Scope(const Scope &) = delete;
    Scope &operator=(const Scope &) = delete;
};

/// One line on standard error, whole whichever thread calls. Passwords, tokens and whole e-mail
/// addresses have no place in it.
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {});

inline void debug(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::debug, message, fields);
}
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::info, message, fields);
}
inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::warning, message, fields);
}
inline void error(std::string_view message, std::initializer_list<Field> fields = {}) {
    write(Level::error, message, fields);
}

/// @return "a***@example.org": enough to find a user, not enough to write to one.
std::string mask_email(std::string_view email);

} // namespace mp3conv::system::log
