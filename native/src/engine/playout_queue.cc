#include "playout_queue.h"

#include <algorithm>

namespace offhook {

std::int64_t PlayoutQueue::write(std::span<const std::int16_t> samples) {
  std::size_t done = 0;
  if (overflow_.empty()) done = ring_.write(samples);
  if (done < samples.size()) {
    overflow_.insert(overflow_.end(), samples.begin() + static_cast<std::ptrdiff_t>(done), samples.end());
    overflowing_.store(true, std::memory_order_release);
  }
  end_ += static_cast<std::int64_t>(samples.size());
  push_marks();
  return end_;
}

void PlayoutQueue::refill() {
  push_marks();
  if (overflow_.empty()) return;
  overflow_taken_ += ring_.write(std::span<const std::int16_t>(overflow_).subspan(overflow_taken_));
  if (overflow_taken_ < overflow_.size()) return;
  overflow_.clear();
  overflow_.shrink_to_fit();
  overflow_taken_ = 0;
  overflowing_.store(false, std::memory_order_release);
}

std::uint32_t PlayoutQueue::mark() {
  const Mark mark{next_mark_id_++, generation(), end_};
  waiting_marks_.push_back(mark);
  push_marks();
  return mark.id;
}

void PlayoutQueue::push_marks() noexcept {
  while (!waiting_marks_.empty() && marks_.push(waiting_marks_.front())) waiting_marks_.pop_front();
}

std::int64_t PlayoutQueue::pause() noexcept {
  return position_of(word_.fetch_or(kPausedBit, std::memory_order_acq_rel));
}

void PlayoutQueue::resume() noexcept { word_.fetch_and(~kPausedBit, std::memory_order_acq_rel); }

std::int64_t PlayoutQueue::flush(std::size_t fade_samples) noexcept {
  const std::int64_t in_ring_until = end_ - static_cast<std::int64_t>(overflow_.size() - overflow_taken_);
  std::uint64_t word = word_.load(std::memory_order_acquire);
  std::int64_t begin = 0;
  std::int64_t end = 0;
  for (;;) {
    const std::int64_t position = position_of(word);
    const std::uint32_t generation = generation_of(word) + 1;
    Plan& plan = plans_[generation % kPlans];
    if (position < flush_end_) {
      // The fade of an earlier flush still runs; it goes on to its end, and what was written since is dropped too.
      const Plan& running = plans_[generation_of(word) % kPlans];
      begin = running.fade_begin.load(std::memory_order_relaxed);
      end = flush_end_;
    } else {
      const std::int64_t fade = paused_of(word) ? 0 : static_cast<std::int64_t>(fade_samples);
      begin = position;
      end = std::min(position + fade, in_ring_until);
    }
    plan.fade_begin.store(begin, std::memory_order_relaxed);
    plan.fade_end.store(end, std::memory_order_relaxed);
    plan.skip_to.store(ring_.written(), std::memory_order_relaxed);
    if (word_.compare_exchange_weak(word, pack(position, paused_of(word), generation), std::memory_order_acq_rel)) break;
  }
  overflow_.clear();
  overflow_taken_ = 0;
  overflowing_.store(false, std::memory_order_release);
  std::erase_if(waiting_marks_, [end](const Mark& mark) { return mark.position >= end; });
  flush_end_ = end;
  end_ = end;
  return end;
}

/// Takes up the newest flush. A plan torn by yet another flush is harmless: the word has changed, so `take` looks again.
void PlayoutQueue::adopt(std::uint32_t generation) noexcept {
  const Plan& plan = plans_[generation % kPlans];
  fade_ = {plan.fade_begin.load(std::memory_order_relaxed), plan.fade_end.load(std::memory_order_relaxed),
           plan.skip_to.load(std::memory_order_relaxed), true};
}

void PlayoutQueue::apply_skip() noexcept {
  ring_.skip_to(fade_.skip_to);
  fade_.pending = false;
}

/// Fades what would have come next into silence, without counting it as sent: it will be sent again, or never.
bool PlayoutQueue::fade_tail(std::span<std::int16_t> frame) noexcept {
  const std::size_t count = std::min({kEdgeSamples, frame.size(), ring_.readable()});
  if (!sounding_ || count == 0) return false;
  ring_.peek(frame.first(count));
  for (std::size_t i = 0; i < count; ++i) {
    frame[i] = static_cast<std::int16_t>(frame[i] * static_cast<int>(count - i) / static_cast<int>(count + 1));
  }
  return true;
}

PlayoutQueue::Taken PlayoutQueue::take(std::span<std::int16_t> frame, std::int64_t limit) noexcept {
  // Each attempt fails only when the control thread paused, resumed or flushed in between, which it does a few times a turn.
  for (;;) {
    std::fill(frame.begin(), frame.end(), std::int16_t{0});
    const std::uint64_t word = word_.load(std::memory_order_acquire);
    if (generation_of(word) != generation_) adopt(generation_of(word));
    const auto taken = paused_of(word) ? hold(frame, word) : advance(frame, limit, word);
    if (!taken) continue;
    generation_ = generation_of(word);
    return *taken;
  }
}

/// One frame while paused. Empty when the word changed meanwhile.
std::optional<PlayoutQueue::Taken> PlayoutQueue::hold(std::span<std::int16_t> frame, std::uint64_t word) noexcept {
  const bool tail = fade_tail(frame);
  if (word_.load(std::memory_order_acquire) != word) return std::nullopt;
  taken_until_ = position_of(word);
  if (fade_.pending && taken_until_ >= fade_.end) apply_skip();
  sounding_ = false;
  fade_in_next_ = true;
  Taken taken;
  taken.audible = taken.fading = tail;
  return taken;
}

/// One frame while playing. Empty when the word changed meanwhile.
std::optional<PlayoutQueue::Taken> PlayoutQueue::advance(std::span<std::int16_t> frame, std::int64_t limit,
                                                         std::uint64_t word) noexcept {
  const std::int64_t position = position_of(word);
  const bool cutting = fade_.pending;
  const std::int64_t most = std::max<std::int64_t>((cutting ? fade_.end : limit) - position, 0);
  // A fade's samples were in the ring when it was ordered; only playout proper can run dry.
  const std::size_t there = cutting ? frame.size() : std::min(frame.size(), ring_.readable());
  const std::size_t count = std::min(there, static_cast<std::size_t>(most));
  ring_.peek(frame.first(count));
  const std::uint64_t next = pack(position + static_cast<std::int64_t>(count), false, generation_of(word));
  if (!word_.compare_exchange_strong(word, next, std::memory_order_acq_rel)) return std::nullopt;

  Taken taken;
  taken_until_ = position + static_cast<std::int64_t>(count);
  taken.samples = count;
  taken.audible = count > 0;
  if (cutting && count == 0) {
    // Cut without a fade: the next samples are not sent, but 5 ms of them soften the edge.
    taken.audible = taken.fading = fade_tail(frame);
    sounding_ = false;
    apply_skip();
    return taken;
  }
  ring_.skip(count);
  if (cutting) {
    shape_cut(frame.first(count), position);
    taken.fading = true;
    sounding_ = taken_until_ < fade_.end;
    if (!sounding_) apply_skip();
  } else {
    taken.drained = count > 0 && empty();
    sounding_ = count > 0 && !taken.drained;
  }
  if (fade_in_next_ && count > 0) {
    fade_in_next_ = false;
    taken.fading = true;
    shape_resume(frame.first(std::min(count, kEdgeSamples)));
  }
  taken.wants_refill = overflowing_.load(std::memory_order_relaxed) && ring_.readable() < kRingSamples / 2;
  return taken;
}

void PlayoutQueue::shape_cut(std::span<std::int16_t> samples, std::int64_t position) const noexcept {
  const auto length = static_cast<float>(fade_.end - fade_.begin + 1);
  for (std::int16_t& sample : samples) {
    sample = static_cast<std::int16_t>(static_cast<float>(sample) * (static_cast<float>(fade_.end - position) / length));
    position += 1;
  }
}

void PlayoutQueue::shape_resume(std::span<std::int16_t> samples) noexcept {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<std::int16_t>(samples[i] * static_cast<int>(i) / static_cast<int>(kEdgeSamples));
  }
}

bool PlayoutQueue::mark_survived(const Mark& mark) const noexcept {
  const std::uint32_t flushes = (generation_ - mark.generation) & 0xFFFFU;
  if (flushes == 0) return true;
  if (flushes >= kPlans) return false;
  return mark.position < plans_[(mark.generation + 1) % kPlans].fade_end.load(std::memory_order_relaxed);
}

bool PlayoutQueue::next_passed_mark(std::uint32_t& id) noexcept {
  for (;;) {
    if (!has_next_mark_) has_next_mark_ = marks_.pop(next_mark_);
    if (!has_next_mark_) return false;
    if (mark_survived(next_mark_)) {
      if (next_mark_.position >= taken_until_) return false;
      id = next_mark_.id;
      has_next_mark_ = false;
      return true;
    }
    has_next_mark_ = false;
  }
}

}  // namespace offhook
