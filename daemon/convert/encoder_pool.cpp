#include "daemon/convert/encoder_pool.hpp"

#include <algorithm>
#include <utility>

namespace mp3conv::convert {
namespace {

constexpr int samples_at_once = 4 * 1152; // a few milliseconds of work between looks at the stop

/// Encodes a block piece by piece.
/// @return false when it was stopped.
bool encode(Encoder &encoder, const Pcm &pcm, const std::stop_token &stop) {
    for (int done = 0; done < pcm.samples; done += samples_at_once) {
        if (stop.stop_requested()) return false;
        encoder.encode(
            {pcm.left + done, pcm.right + done, std::min(pcm.samples - done, samples_at_once)});
    }
    return true;
}

} // namespace

EncoderPool::EncoderPool(const EncoderSettings &settings, const Cores::Seat &seat) :
    settings_{settings},
    seat_{seat} {}

EncoderPool::~EncoderPool() {
    for (auto &thread : threads_) thread.request_stop(); // all, before the first is waited for
}

bool EncoderPool::is_full() const {
    const std::lock_guard lock{mutex_};
    return tasks_.size() >= static_cast<size_t>(seat_.threads());
}

bool EncoderPool::is_empty() const {
    const std::lock_guard lock{mutex_};
    return tasks_.empty();
}

void EncoderPool::add(Segment segment) {
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_back(std::make_unique<Task>(Task{{std::move(segment), nullptr}}));
        waiting_.push_back(tasks_.back().get());
    }
    changed_.notify_all();
    if (threads_.size() >= static_cast<size_t>(seat_.threads())) return;
    threads_.emplace_back([this](const std::stop_token &stop) { work(stop); });
}

std::optional<Encoded> EncoderPool::take(std::chrono::milliseconds patience) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, patience, [this] { return tasks_.front()->is_done; })) {
        return std::nullopt;
    }
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    if (task->failure) std::rethrow_exception(task->failure);
    return std::move(task->work);
}

void EncoderPool::work(const std::stop_token &stop) {
    while (Task *task = next_task(stop)) {
        try {
            run(task->work, stop);
        } catch (...) {
            task->failure = std::current_exception();
        }
        {
            const std::lock_guard lock{mutex_};
            task->is_done = true;
            --busy_;
        }
        changed_.notify_all();
    }
}

/// @return nullptr when the thread is to end.
EncoderPool::Task *EncoderPool::next_task(const std::stop_token &stop) {
    std::unique_lock lock{mutex_};
    const bool may_begin =
        changed_.wait(lock, stop, [this] { return !waiting_.empty() && busy_ < seat_.threads(); });
    if (!may_begin || stop.stop_requested()) return nullptr;
    ++busy_;
    Task *task = waiting_.front();
    waiting_.pop_front();
    return task;
}

void EncoderPool::run(Encoded &work, const std::stop_token &stop) {
    const Segment &segment = work.segment;
    work.encoder = std::make_unique<Encoder>(settings_, segment.first_frame);
    const auto warm_up = segment.blocks.size() - segment.own_blocks().size();
    for (size_t i = 0; i < segment.blocks.size(); ++i) {
        const Pcm pcm = segment.blocks[i]->pcm();
        if (!encode(*work.encoder, pcm, stop)) return;
        if (!segment.is_whole()) work.encoder->parse();
        if (i >= warm_up) encoded_samples_ += static_cast<uint64_t>(pcm.samples);
    }
    if (segment.is_last) work.encoder->finish();
    if (!segment.is_whole()) work.encoder->parse();
}

} // namespace mp3conv::convert
