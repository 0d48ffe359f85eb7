/*! Licences of the bundled packages: LICENSES.txt */
import{b as a}from"./chunk-4J3EDTFV.js";import"./chunk-SYOFZYVC.js";export{a as initialize};
