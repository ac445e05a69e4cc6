#!/usr/bin/env node
// Old JavaScript on purpose: whatever Node runs this must be able to, and finds one that is new enough.
'use strict';
