#pragma once

namespace memspice {

/// Lets BLAS and CHOLMOD compute on the thread that calls them: their blocks are small, threads would spend
/// more time meeting than computing.
void use_one_thread();

}  // namespace memspice
