/*! Licences of the bundled packages: LICENSES.txt */
import{Fj as a,Gj as b,Hj as c,Ij as d}from"/static/graphiql/chunk-UVUGXK3P.js";import"/static/graphiql/chunk-ED4A4TAS.js";export{c as HitTestContext,b as MouseTarget,d as MouseTargetFactory,a as PointerHandlerLastRenderData};
