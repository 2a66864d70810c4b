#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "daemon/convert/cores.hpp"
#include "daemon/convert/encoder.hpp"
#include "daemon/convert/segmenter.hpp"

namespace mp3conv::convert {

/// A segment and the encoder that has encoded it.
struct Encoded {
    Segment segment;
    std::unique_ptr<Encoder> encoder; ///< its frames are parsed, unless the segment is the whole
};

/// Encodes segments side by side, each with a LAME of its own, in as many threads as the
/// conversion's seat allows when a segment begins. One thread adds and takes.
class EncoderPool {
public:
    /// @param seat outlives the pool.
    EncoderPool(const EncoderSettings &settings, const Cores::Seat &seat);
    /// Stops the threads at their next frames, within some ten milliseconds.
    ~EncoderPool();

    /// @return whether there is a segment for each thread.
    bool is_full() const;
    bool is_empty() const;

    void add(Segment segment);

    /// @return the oldest segment once it is encoded; nullopt where `patience` ends before.
    /// @throws what ended its encoder.
    std::optional<Encoded> take(std::chrono::milliseconds patience);

    /// @return samples encoded so far, those for warming up not counted. Any thread may call.
    uint64_t encoded_samples() const noexcept { return encoded_samples_; }

private:
    struct Task {
        Encoded work;
        bool is_done = false;
        std::exception_ptr failure{};
    };

    void work(const std::stop_token &stop);
    Task *next_task(const std::stop_token &stop);
    void run(Encoded &work, const std::stop_token &stop);

    EncoderSettings settings_;
    const Cores::Seat &seat_;
    std::atomic<uint64_t> encoded_samples_ = 0;
    mutable std::mutex mutex_; ///< guards all below but the threads
    std::condition_variable_any changed_;
    std::deque<std::unique_ptr<Task>> tasks_; ///< oldest first
    std::deque<Task *> waiting_;              ///< of those, the ones not begun
    int busy_ = 0;                            ///< threads that encode
    std::vector<std::jthread> threads_;
};

} // namespace mp3conv::convert
