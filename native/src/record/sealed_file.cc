#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "record/byte_file.h"

namespace offhook {

namespace {

/// A block belongs to its place: one that was moved does not open.
std::array<std::uint8_t, 8> place_of(std::int64_t block) noexcept {
  std::array<std::uint8_t, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(block >> (8 * i));
  return bytes;
}

int length_of(std::span<const std::uint8_t> bytes) noexcept { return static_cast<int>(bytes.size()); }

}  // namespace

std::unique_ptr<SealedFile> SealedFile::create(const std::string& path, std::span<const std::uint8_t> prefix,
                                               std::span<const std::uint8_t, kKeyBytes> key) {
  auto file = PlainFile::create(path);
  if (file == nullptr || !file->write_at(prefix, 0)) return nullptr;
  return std::unique_ptr<SealedFile>(new SealedFile(std::move(file), prefix.size(), key));
}

SealedFile::SealedFile(std::unique_ptr<PlainFile> file, std::size_t prefix_bytes, std::span<const std::uint8_t, kKeyBytes> key)
    : file_(std::move(file)), prefix_bytes_(static_cast<std::int64_t>(prefix_bytes)), cipher_(EVP_CIPHER_CTX_new()) {
  std::copy(key.begin(), key.end(), key_.begin());
}

SealedFile::~SealedFile() {
  EVP_CIPHER_CTX_free(cipher_);
  OPENSSL_cleanse(key_.data(), key_.size());
}

std::int64_t SealedFile::slot_at(std::int64_t block) const noexcept {
  return prefix_bytes_ + block * static_cast<std::int64_t>(kSlotBytes);
}

std::size_t SealedFile::used_of(std::int64_t block) const noexcept {
  const std::int64_t behind = end_ - block * static_cast<std::int64_t>(kBlockBytes);
  return static_cast<std::size_t>(std::clamp<std::int64_t>(behind, 0, kBlockBytes));
}

bool SealedFile::read_at(std::span<std::uint8_t> into, std::int64_t offset) {
  Block content;
  while (!into.empty()) {
    const std::int64_t block = offset / static_cast<std::int64_t>(kBlockBytes);
    const auto within = static_cast<std::size_t>(offset % static_cast<std::int64_t>(kBlockBytes));
    const std::size_t size = std::min(into.size(), kBlockBytes - within);
    if (!load(block, content)) return false;
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(within), size, into.begin());
    into = into.subspan(size);
    offset += static_cast<std::int64_t>(size);
  }
  return true;
}

bool SealedFile::write_at(std::span<const std::uint8_t> bytes, std::int64_t offset) {
  if (!complete_last_before(offset)) return false;
  Block before;
  Block content;
  while (!bytes.empty()) {
    const std::int64_t block = offset / static_cast<std::int64_t>(kBlockBytes);
    const auto within = static_cast<std::size_t>(offset % static_cast<std::int64_t>(kBlockBytes));
    const std::size_t size = std::min(bytes.size(), kBlockBytes - within);
    if (!load(block, before)) return false;
    content = before;
    std::copy_n(bytes.begin(), size, content.begin() + static_cast<std::ptrdiff_t>(within));
    if (!replace(block, before, content, std::max(end_, offset + static_cast<std::int64_t>(size)))) return false;
    bytes = bytes.subspan(size);
    offset += static_cast<std::int64_t>(size);
  }
  return true;
}

/// A block that something comes behind has all its bytes, zeros where nothing was.
bool SealedFile::complete_last_before(std::int64_t offset) {
  constexpr auto size = static_cast<std::int64_t>(kBlockBytes);
  const std::int64_t last = end_ / size;
  if (end_ % size == 0 || offset < (last + 1) * size) return true;
  Block content;
  if (!load(last, content)) return false;
  return replace(last, content, content, (last + 1) * size);
}

/// Under another nonce all of a block's bytes are others: half of them written, as where the disk is full, would be none of both.
bool SealedFile::replace(std::int64_t block, const Block& before, const Block& content, std::int64_t end) {
  const std::int64_t end_before = std::exchange(end_, end);
  if (store(block, std::span(content).first(used_of(block)))) return true;
  const int reason = errno;
  end_ = end_before;
  const std::size_t used = used_of(block);
  // Room for as much as there was is there still.
  if (used > 0) static_cast<void>(store(block, std::span(before).first(used)));
  const bool is_last = end_ <= (block + 1) * static_cast<std::int64_t>(kBlockBytes);
  if (is_last) file_->end_at(slot_at(block) + (used > 0 ? static_cast<std::int64_t>(kNonceBytes + used + kTagBytes) : 0));
  errno = reason;
  return false;
}

/// Zeros where nothing is yet, or nothing that was written.
bool SealedFile::load(std::int64_t block, Block& into) {
  into.fill(0);
  const std::size_t used = used_of(block);
  if (used == 0) return true;
  std::array<std::uint8_t, kSlotBytes> slot;
  const auto sealed = std::span(slot).first(kNonceBytes + used + kTagBytes);
  if (!file_->read_at(sealed, slot_at(block))) return false;
  if (std::all_of(sealed.begin(), sealed.end(), [](std::uint8_t byte) { return byte == 0; })) return true;
  const auto place = place_of(block);
  int written = 0;
  const bool opened = EVP_DecryptInit_ex(cipher_, EVP_aes_256_gcm(), nullptr, key_.data(), sealed.data()) == 1 &&
                      EVP_DecryptUpdate(cipher_, nullptr, &written, place.data(), length_of(place)) == 1 &&
                      EVP_DecryptUpdate(cipher_, into.data(), &written, sealed.data() + kNonceBytes, static_cast<int>(used)) == 1 &&
                      EVP_CIPHER_CTX_ctrl(cipher_, EVP_CTRL_GCM_SET_TAG, kTagBytes, sealed.data() + kNonceBytes + used) == 1 &&
                      EVP_DecryptFinal_ex(cipher_, into.data() + written, &written) == 1;
  if (!opened) errno = EBADMSG;
  return opened;
}

bool SealedFile::store(std::int64_t block, std::span<const std::uint8_t> content) {
  std::array<std::uint8_t, kSlotBytes> slot;
  const auto sealed = std::span(slot).first(kNonceBytes + content.size() + kTagBytes);
  const auto place = place_of(block);
  int written = 0;
  const bool done = RAND_bytes(sealed.data(), kNonceBytes) == 1 &&
                    EVP_EncryptInit_ex(cipher_, EVP_aes_256_gcm(), nullptr, key_.data(), sealed.data()) == 1 &&
                    EVP_EncryptUpdate(cipher_, nullptr, &written, place.data(), length_of(place)) == 1 &&
                    EVP_EncryptUpdate(cipher_, sealed.data() + kNonceBytes, &written, content.data(), length_of(content)) == 1 &&
                    EVP_EncryptFinal_ex(cipher_, sealed.data() + kNonceBytes + written, &written) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher_, EVP_CTRL_GCM_GET_TAG, kTagBytes, sealed.data() + kNonceBytes + content.size()) == 1;
  if (!done) {
    errno = EIO;
    return false;
  }
  return file_->write_at(sealed, slot_at(block));
}

}  // namespace offhook
