/* Nothing of its own: it needs CHOLMOD, which is found through it. */
int memspice_cholmod_loader(void) {
  return 0;
}
